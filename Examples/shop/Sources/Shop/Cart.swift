/// What a client has chosen, as the session keeps it under `/cart`.
struct Cart: Codable, Hashable {
    /// How many of each article, by its id.
    var items: [String: Int] = [:]

    /// What all of it costs, in cents.
    var total: Int {
        items.reduce(0) { sum, item in sum + (Article.all[item.key]?.price ?? 0) * item.value }
    }
}

/// What the shop sells.
struct Article {
    var name: String
    /// In cents.
    var price: Int

    /// Everything there is, by id.
    static let all: [String: Article] = [
        "parrot": Article(name: "Norwegian Blue", price: 4_500), "slug": Article(name: "Slug, talking", price: 1_200),
        "cheese": Article(name: "Venezuelan beaver cheese", price: 890),
        "shrubbery": Article(name: "Shrubbery, not too expensive", price: 2_300),
    ]
}
