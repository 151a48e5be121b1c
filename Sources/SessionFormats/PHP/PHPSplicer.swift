internal import OrderedCollections
internal import SessionCore

/// Edits PHP's text: copies what is untouched, and keeps counts and references true.
///
/// A reference names its value by the number of values before it, so one value more or less renumbers those that follow.
struct PHPSplicer {
    private let text: PHPText
    private let format: String
    private(set) var output: [UInt8] = []
    /// Slots that were copied: as they were, and as they are now.
    private var moved: [(old: Range<Int>, new: Int)] = []
    private var nextSlot = 1

    init(_ text: PHPText, format: String) {
        self.text = text
        self.format = format
        output.reserveCapacity(text.payload.count + 64)
    }

    private func error(_ problem: String) -> FormatError { FormatError(format: format, problem: problem) }

    private var mismatch: FormatError { error("the edit was made over another payload") }

    /// Writes a value that is one whole payload.
    mutating func write(root: Int, edit: Edit, base: SessionValue) throws(FormatError) {
        try write(root, edit: edit, base: base, depth: 0)
    }

    /// Writes the variables of a session.
    mutating func write(
        variables: [PHPText.Member], edit: Edit, base: SessionMap
    ) throws(FormatError) {
        switch edit {
        case .map(let entries): try writeVariables(variables, entries, base)
        case .replaced(.map(let map)):
            var entries: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for key in base.keys { entries[key] = .removed }
            for (key, value) in map {
                entries.removeValue(forKey: key)
                entries[key] = .edited(.replaced(value))
            }
            // A key that stays stands at the end like a new one.
            try writeVariables(variables.filter { entries[name(of: $0)] == nil }, entries, [:])
        default: throw error("a session is a map of keys")
        }
    }

    private func name(of variable: PHPText.Member) -> SessionValue { PHPText.text(text.payload[variable.key]) }

    private mutating func writeVariables(
        _ variables: [PHPText.Member], _ entries: OrderedDictionary<SessionValue, KeyEdit>, _ base: SessionMap
    ) throws(FormatError) {
        var written: Set<SessionValue> = []
        for variable in variables {
            let key = name(of: variable)
            guard written.insert(key).inserted else { throw error("the key \(Notation.text(of: key)) stands twice") }
            let entry = entries[key]
            guard entry != .removed else { continue }
            output += text.payload[variable.key] + [UInt8(ascii: "|")]
            try write(variable.value, edit: entry?.edit, base: base[key], depth: 1)
        }
        for (key, entry) in entries where !written.contains(key) {
            guard let edit = entry.edit else { continue }
            if let reason = PHPSessionFormat.refusal(ofName: key) { throw error(reason) }
            output += (key.keyBytes ?? []) + [UInt8(ascii: "|")]
            try writeNew(edit.value(over: nil), depth: 1)
        }
    }

    private mutating func writeNew(_ value: SessionValue, depth: Int) throws(FormatError) {
        let (bytes, slots) = try PHPEncoder.bytes(of: value, depth: depth)
        output += bytes
        nextSlot += slots
    }

    private mutating func write(
        _ index: Int, edit: Edit?, base: SessionValue?, depth: Int
    ) throws(FormatError) {
        let node = text.nodes[index]
        switch (edit, base) {
        case (nil, _): try copy(index)
        case (.replaced(let value), _): try writeNew(value, depth: depth)
        case (.map(let entries), .map(let map)) where node.kind == .array: try write(node, entries, map, depth: depth)
        case (.list(let list), .list(let values)): try write(node, list, values, depth: depth)
        case (.state(let inner), .object(let name, let state)):
            guard node.kind == .object else {
                throw error(
                    "\(PrintableText.escaping(name)) keeps its content in a form of its own; it is kept as it is")
            }
            switch (inner, state) {
            case (.map(let entries), .map(let map)): try write(node, entries, map, depth: depth)
            default: try writeNew(.object(className: name, state: inner.value(over: state)), depth: depth)
            }
        default: throw mismatch
        }
    }

    private mutating func copy(_ index: Int) throws(FormatError) {
        let node = text.nodes[index]
        guard node.hasReferences else {
            output += text.payload[node.range]
            moved.append((node.slot..<(node.slot + node.slotCount), nextSlot))
            nextSlot += node.slotCount
            return
        }
        switch node.kind {
        case .alias, .sameObject: try copyReference(node)
        case .custom:
            // Its own text may count slots, in a way that only its class knows.
            guard nextSlot == node.slot else {
                throw error("an object with a text of its own stands behind it, and may refer to values by number")
            }
            output += text.payload[node.range]
            take(node.slot)
        default:
            take(node.slot)
            var position = node.range.lowerBound
            for member in text.members[node.members] {
                output += text.payload[position..<text.nodes[member.value].range.lowerBound]
                try copy(member.value)
                position = text.nodes[member.value].range.upperBound
            }
            output += text.payload[position..<node.range.upperBound]
        }
    }

    private mutating func take(_ slot: Int) {
        moved.append((slot..<(slot + 1), nextSlot))
        nextSlot += 1
    }

    private mutating func copyReference(_ node: PHPText.Node) throws(FormatError) {
        guard let number = PHPNumber.integer(text.payload[node.content]), let new = newSlot(number) else {
            throw error("a reference elsewhere means this value, and would lose it")
        }
        if new == number {
            output += text.payload[node.range]
        } else {
            output += [node.kind.rawValue] + Array(":\(new);".utf8)
        }
        if node.kind == .sameObject { take(node.slot) }
    }

    /// The number that a value has now; nil for one that is gone.
    func newSlot(_ old: Int) -> Int? {
        var low = 0
        var high = moved.count
        while low < high {
            let middle = (low + high) / 2
            if moved[middle].old.upperBound <= old { low = middle + 1 } else { high = middle }
        }
        guard low < moved.count, moved[low].old.contains(old) else { return nil }
        return moved[low].new + old - moved[low].old.lowerBound
    }
}

// MARK: - Collections

extension PHPSplicer {
    private enum Item {
        case kept(PHPText.Member, Edit?, SessionValue?)
        case added(SessionValue, SessionValue)
    }

    private mutating func write(
        _ node: PHPText.Node, _ entries: OrderedDictionary<SessionValue, KeyEdit>, _ base: SessionMap, depth: Int
    ) throws(FormatError) {
        guard node.members.count == base.count else {
            throw error("a key stands twice in the array, so it is only shown")
        }
        var items: [Item] = []
        for member in text.members[node.members] {
            let key = text.key(of: member)
            guard let entry = entries[key] else {
                items.append(.kept(member, nil, nil))
                continue
            }
            if let edit = entry.edit { items.append(.kept(member, edit, base[key])) }
        }
        let known = Set(text.members[node.members].map(text.key))
        for (key, entry) in entries where !known.contains(key) {
            guard let edit = entry.edit else { continue }
            if let reason = PHPEncoder.refusal(ofKey: key, ofObject: node.kind == .object) { throw error(reason) }
            items.append(.added(key, edit.value(over: nil)))
        }
        try write(node, items, renumberingKeys: false, depth: depth)
    }

    private mutating func write(
        _ node: PHPText.Node, _ list: ListEdit, _ base: [SessionValue], depth: Int
    ) throws(FormatError) {
        guard node.kind == .array, node.members.count == base.count else { throw mismatch }
        let order = list.order ?? base.indices.map { .base($0) }
        var items: [Item] = []
        for slot in order {
            switch slot {
            case .base(let number):
                guard base.indices.contains(number) else { throw mismatch }
                items.append(
                    .kept(text.members[node.members.lowerBound + number], list.edited[number], base[number]))
            case .added(let value): items.append(.added(.null, value))
            }
        }
        try write(node, items, renumberingKeys: true, depth: depth)
    }

    private mutating func write(
        _ node: PHPText.Node, _ items: [Item], renumberingKeys: Bool, depth: Int
    ) throws(FormatError) {
        take(node.slot)
        output += text.payload[node.range.lowerBound..<node.count.lowerBound]
        output += Array(String(items.count).utf8)
        output += Array(":{".utf8)
        for (number, item) in items.enumerated() {
            switch item {
            case .kept(let member, let edit, let base):
                if renumberingKeys, text.key(of: member) != .integer(number) {
                    output += Array("i:\(number);".utf8)
                } else {
                    output += text.payload[member.key]
                }
                try write(member.value, edit: edit, base: base, depth: depth + 1)
            case .added(let key, let value):
                output += renumberingKeys ? Array("i:\(number);".utf8) : PHPEncoder.bytes(ofKey: key)
                try writeNew(value, depth: depth + 1)
            }
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension SessionValue {
    /// The bytes of a key that is text or bytes.
    var keyBytes: [UInt8]? {
        switch self {
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: nil
        }
    }

    /// The value with its references under new numbers; one whose target is gone keeps its own.
    func renumbered(_ number: (Int) -> Int?) -> SessionValue {
        switch self {
        case .reference(let old): .reference(number(old) ?? old)
        case .list(let values): .list(values.map { $0.renumbered(number) })
        case .tuple(let values): .tuple(values.map { $0.renumbered(number) })
        case .set(let values): .set(values.map { $0.renumbered(number) })
        case .map(let map):
            .map(
                SessionMap(
                    map.map { ($0.key.renumbered(number), $0.value.renumbered(number)) }, uniquingKeysWith: { $1 }))
        case .object(let name, let state): .object(className: name, state: state.renumbered(number))
        default: self
        }
    }
}
