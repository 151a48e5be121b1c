internal import OrderedCollections

/// What an encoder has encoded so far.
///
/// It is a class because a type may hold several containers of one encoder and write to them in turn.
final class EncodedNode {
    /// Where in the value it stands.
    let place: CodingPlace
    private var form = Form.none
    private var elements: [Entry] = []
    private var members: OrderedDictionary<SessionValue, Entry> = [:]

    private enum Form: Equatable {
        case none
        case single(SessionValue)
        case list
        case map
        case several
    }

    private enum Entry {
        case value(SessionValue)
        case node(EncodedNode)
    }

    init(place: CodingPlace) {
        self.place = place
    }

    /// How many elements the list has.
    var count: Int { elements.count }

    /// Becomes a list; a list stays as it is.
    func beginList() { form = form == .none || form == .list ? .list : .several }

    /// Becomes a map; a map stays as it is.
    func beginMap() { form = form == .none || form == .map ? .map : .several }

    /// Becomes a value that no container is for.
    func set(_ value: SessionValue) { form = form == .none ? .single(value) : .several }

    /// Adds an element to the list.
    func append(_ value: SessionValue) { elements.append(.value(value)) }

    /// Puts a value under a key of the map.
    func set(_ value: SessionValue, for key: any CodingKey) { members[.string(key.stringValue)] = .value(value) }

    /// Adds an element to the list that is still to be encoded.
    func appendNode() -> EncodedNode {
        let node = EncodedNode(place: place.appending(PlaceKey(intValue: count)))
        // This node is refused when it is too deep, so a chain of nodes need not grow until freeing it takes all the stack.
        if place.takesCollection { elements.append(.node(node)) }
        return node
    }

    /// Puts a node under a key of the map; one that is there already only goes on where that is asked for.
    func node(for key: any CodingKey, reusing: Bool) -> EncodedNode {
        let name = SessionValue.string(key.stringValue)
        if reusing, case .node(let node) = members[name] { return node }
        let node = EncodedNode(place: place.appending(key))
        if place.takesCollection { members[name] = .node(node) }
        return node
    }

    /// The finished value; an empty map if nothing was encoded.
    func value() throws -> SessionValue {
        if case .single(let value) = form { return value }
        guard place.takesCollection else {
            throw place.encodingError(CodingPlace.depthProblem)
        }
        switch form {
        case .several: throw place.encodingError("its encode(to:) encodes several values where one goes")
        case .list: return .list(try elements.map(Self.value))
        default: return .map(try members.mapValues(Self.value))
        }
    }

    private static func value(of entry: Entry) throws -> SessionValue {
        switch entry {
        case .value(let value): value
        case .node(let node): try node.value()
        }
    }
}

extension CodingPlace {
    /// An error of encoding at this place.
    func encodingError(_ problem: String) -> EncodingError {
        // The instance is left out: who asks for it has it, and an error should not keep a session's content.
        .invalidValue(self, EncodingError.Context(codingPath: namedPath, debugDescription: problem))
    }

    /// The value of an instance that stands here.
    func value(encoding instance: some Encodable) throws -> SessionValue {
        if let direct = instance as? any DirectlyCodable { return try checked(direct.sessionValue) }
        guard let place = calling() else { throw encodingError(Self.depthProblem) }
        let node = EncodedNode(place: place)
        do {
            try instance.encode(to: ValueEncoder(node: node))
        } catch {
            let failure = CodingFailure(error)
            throw isPlace(of: failure) ? error : encodingError(failure.problem)
        }
        let value = try node.value()
        return (type(of: instance) as? any HashedCollection.Type)?.sorted(value) ?? value
    }

    private func checked(_ value: SessionValue) throws -> SessionValue {
        guard isWithinDepth,
            let tokens = value.tokens(nestedDeeperThan: Notation.maximumDepth - codingPath.count)
        else { return value }
        throw tokens.reduce(self) { $0.appending(PlaceKey(stringValue: $1)) }.encodingError(Self.depthProblem)
    }
}
