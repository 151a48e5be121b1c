internal import OrderedCollections
internal import SessionCore

extension PHPText {
    /// The value of a node.
    func value(of index: Int) -> SessionValue {
        let node = nodes[index]
        switch node.kind {
        case .null: return .null
        case .bool: return .bool(payload[node.content.lowerBound] == UInt8(ascii: "1"))
        case .integer: return .integer(PHPNumber.integer(payload[node.content]) ?? 0)
        case .double: return .double(PHPNumber.double(payload[node.content]) ?? .nan)
        case .string: return Self.text(payload[node.content])
        case .escapedString: return Self.text(unescaped(node.content)[...])
        case .array: return array(node)
        case .object:
            return .object(className: String(decoding: payload[node.className], as: UTF8.self), state: .map(map(node)))
        case .custom:
            let name = String(decoding: payload[node.className], as: UTF8.self)
            return .object(className: name, state: .bytes(Array(payload[node.content])))
        case .enumCase: return .object(className: Self.enumClass, state: Self.text(payload[node.content]))
        case .alias, .sameObject: return .reference(PHPNumber.integer(payload[node.content]) ?? 0)
        }
    }

    /// What cases of enumerations are shown as instances of; their state is `Class:Case`.
    static let enumClass = "enum"

    /// Text where the bytes are UTF-8, else bytes: PHP does not tell them apart.
    static func text(_ bytes: ArraySlice<UInt8>) -> SessionValue {
        String(utf8: bytes).map { .string($0) } ?? .bytes(Array(bytes))
    }

    /// A list where the keys are 0, 1, 2 and so on, as in PHP's own `array_is_list`; the empty array is an empty map.
    private func array(_ node: Node) -> SessionValue {
        guard isList(node) else { return .map(map(node)) }
        return .list(node.members.map { value(of: members[$0].value) })
    }

    func isList(_ node: Node) -> Bool {
        guard node.kind == .array, !node.members.isEmpty else { return false }
        for (number, member) in members[node.members].enumerated() where key(of: member) != .integer(number) {
            return false
        }
        return true
    }

    private func map(_ node: Node) -> SessionMap {
        var map = SessionMap(minimumCapacity: node.members.count)
        for member in members[node.members] { map[key(of: member)] = value(of: member.value) }
        return map
    }

    func key(of member: Member) -> SessionValue {
        let start = member.key.lowerBound
        switch Kind(rawValue: payload[start]) {
        case .integer: return .integer(PHPNumber.integer(payload[(start + 2)..<(member.key.upperBound - 1)]) ?? 0)
        case .string, .escapedString:
            guard let quote = payload[member.key].firstIndex(of: UInt8(ascii: "\"")) else { return .null }
            let content = (quote + 1)..<(member.key.upperBound - 2)
            return Self.text(payload[start] == Kind.string.rawValue ? payload[content] : unescaped(content)[...])
        default: return Self.text(payload[member.key])
        }
    }

    private func unescaped(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            if payload[offset] == UInt8(ascii: "\\"), offset + 2 < range.upperBound {
                let digits = String(decoding: payload[(offset + 1)...(offset + 2)], as: UTF8.self)
                bytes.append(UInt8(digits, radix: 16) ?? 0)
                offset += 3
            } else {
                bytes.append(payload[offset])
                offset += 1
            }
        }
        return bytes
    }
}
