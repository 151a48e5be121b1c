internal import OrderedCollections

/// Where an encoder or decoder is in the value.
struct CodingPlace {
    /// The keys and indices on the way; as many as there are collections and objects around the place.
    let codingPath: [any CodingKey]
    /// How many calls of `encode(to:)` or `init(from:)` are under way.
    private let calls: Int

    /// The whole value.
    static let root = CodingPlace(codingPath: [], calls: 0)

    /// What is wrong at a place that nests too deep.
    static let depthProblem = "values nest deeper than \(Notation.maximumDepth)"

    /// The place one step inside.
    func appending(_ key: any CodingKey) -> CodingPlace {
        CodingPlace(codingPath: codingPath + [key], calls: calls)
    }

    /// The place in a further call; nil if there are so many that they could exhaust the stack.
    func calling() -> CodingPlace? {
        // Several calls for one level are usual (an optional of an enum of a raw value), endless ones a type's mistake.
        guard isWithinDepth, calls < 4 * Notation.maximumDepth else { return nil }
        return CodingPlace(codingPath: codingPath, calls: calls + 1)
    }

    /// Whether a value without others inside may stand here.
    var isWithinDepth: Bool { codingPath.count <= Notation.maximumDepth }

    /// Whether a collection may stand here.
    var takesCollection: Bool { codingPath.count < Notation.maximumDepth }

    /// The path of the innermost value around here that is not too deep to be named.
    var namedPath: [any CodingKey] { Array(codingPath.prefix(Notation.maximumDepth)) }

    /// Whether an error says a place here or inside.
    func isPlace(of failure: CodingFailure) -> Bool {
        guard let path = failure.path else { return false }
        return path.map(\.stringValue).starts(with: codingPath.map(\.stringValue))
    }
}

/// A key or index that no type of the caller's stands for.
struct PlaceKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    /// Where a class puts what belongs to its superclass.
    static let `super` = PlaceKey(stringValue: "super")
    /// The state of an object.
    static let state = PlaceKey(stringValue: ValueStep.state.token)

    init(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init(intValue: Int) {
        self.stringValue = String(intValue)
        self.intValue = intValue
    }
}

extension SessionValue {
    /// The pointer tokens of the first collection or object with so many others around it; nil if there is none.
    ///
    /// Goes no deeper than that, so it is safe on any value. A key that is too deep counts as its map.
    func tokens(nestedDeeperThan limit: Int) -> [String]? {
        guard childCount != nil else { return nil }
        guard limit > 0 else { return [] }
        switch self {
        case .list(let values), .tuple(let values), .set(let values):
            for (index, value) in values.enumerated() {
                if let tokens = value.tokens(nestedDeeperThan: limit - 1) { return [String(index)] + tokens }
            }
        case .map(let map):
            for (key, value) in map {
                if key.tokens(nestedDeeperThan: limit - 1) != nil { return [] }
                if let tokens = value.tokens(nestedDeeperThan: limit - 1) {
                    return [ValueStep.key(key).token] + tokens
                }
            }
        case .object(_, let state):
            return state.tokens(nestedDeeperThan: limit - 1).map { [ValueStep.state.token] + $0 }
        default: break
        }
        return nil
    }
}
