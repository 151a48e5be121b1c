internal import OrderedCollections

/// A collection whose order differs from one instance to the next equal one.
protocol HashedCollection {
    /// How many elements there are.
    var count: Int { get }
    /// What such a collection was encoded as, in an order that follows from its elements.
    static func sorted(_ value: SessionValue) -> SessionValue
}

extension Dictionary: HashedCollection {
    static func sorted(_ value: SessionValue) -> SessionValue {
        switch value {
        case .map(let map):
            let members = SessionValue.inTextOrder(map.elements) { $0.key }
            return .map(SessionMap(members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
        case .list(let values):
            // Keys that are neither text nor integers stand in a list, each before its value.
            let pairs = stride(from: 0, to: values.count - 1, by: 2).map { values[$0...$0 + 1] }
            return .list(SessionValue.inTextOrder(pairs) { $0[$0.startIndex] }.flatMap(\.self))
        default: return value
        }
    }
}

extension Set: HashedCollection {
    static func sorted(_ value: SessionValue) -> SessionValue {
        guard case .list(let values) = value else { return value }
        return .list(SessionValue.inTextOrder(values) { $0 })
    }
}

extension SessionValue {
    /// Items in the order of a value's notation.
    fileprivate static func inTextOrder<Item>(
        _ items: some Sequence<Item>, by value: (Item) -> SessionValue
    ) -> [Item] {
        // By UTF-8, because Swift's own order holds composed and decomposed accents equal.
        items.map { (text: Array(Notation.text(of: value($0)).utf8), item: $0) }
            .sorted { $0.text.lexicographicallyPrecedes($1.text) }
            .map(\.item)
    }
}
