/// What a client has chosen, as the session keeps it under `/cart`.
struct Cart: Codable, Hashable {
    /// The most of one article; also keeps what others wrote into a session from adding up to more than a number holds.
    static let most = 1_000

    /// How many of each article, by its id.
    private(set) var items: [String: Int] = [:]

    /// Puts one more of an article in, up to `most`.
    mutating func add(_ item: String) { items[item] = min(count(of: item) + 1, Self.most) }

    /// Takes all of an article out.
    mutating func remove(_ item: String) { items[item] = nil }

    /// How many of an article there are.
    func count(of item: String) -> Int { min(max(items[item] ?? 0, 0), Self.most) }

    /// What all of it costs, in cents.
    var total: Int {
        items.keys.reduce(0) { $0 + (Article.all[$1]?.price ?? 0) * count(of: $1) }
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
