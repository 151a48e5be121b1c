internal import BigInt
internal import OrderedCollections
internal import SessionCore

/// Finds which bytes of a pickle an edit takes away, and which it puts in their place.
///
/// Every value is a range of bytes (`PickleProgram`), so an edit is a few patches; what their absence means for the memo
/// and the frames is the assembler's affair.
struct PickleEdits {
    typealias Entry = PickleProgram.Entry

    /// Bytes that take the place of a range; of an empty one where they only come in between.
    struct Patch {
        var range: Range<Int>
        var bytes: [UInt8]
        /// Whether MEMOIZE stands at the end of the bytes.
        var isMemoized = false
    }

    let program: PickleProgram
    let style: PickleStyle
    /// In no order; those at one place in the order of their bytes.
    private(set) var patches: [Patch] = []

    /// The patches of an edit, in the order of the payload.
    static func patches(of edit: Edit, in program: PickleProgram, tree: SessionValue) throws(FormatError) -> [Patch] {
        var edits = PickleEdits(program: program, style: program.style)
        try edits.apply(edit, to: program.root, base: tree, depth: 0)
        // Swift's sort is stable; what comes in between stands before what begins there.
        return edits.patches.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }

    private func error(_ problem: String) -> FormatError { FormatError(format: "pickle", problem: problem) }

    private var mismatch: FormatError { error("the edit was made over another payload") }

    mutating func patch(_ range: Range<Int>, _ bytes: [UInt8] = [], isMemoized: Bool = false) {
        guard !range.isEmpty || !bytes.isEmpty else { return }
        let memoize = isMemoized ? [PickleOpcode.memoize.rawValue] : []
        patches.append(Patch(range: range, bytes: bytes + memoize, isMemoized: isMemoized))
    }

    private func node(of entry: Entry) throws(FormatError) -> PickleProgram.Node {
        guard let index = program.resolved(entry).node else { throw mismatch }
        return program.nodes[index]
    }

    private mutating func apply(
        _ edit: Edit, to entry: Entry, base: SessionValue?, depth: Int
    ) throws(FormatError) {
        guard depth <= Notation.maximumDepth else { throw mismatch }
        switch (edit, base) {
        case (.replaced(let value), _): try replace(entry, with: value, base: base, depth: depth)
        case (.map(let entries), .map(let map)): try change(entries, in: entry, base: map, depth: depth)
        case (.list(let list), .list(let elements)), (.list(let list), .tuple(let elements)),
            (.list(let list), .set(let elements)):
            try change(list, in: entry, base: elements, depth: depth)
        case (.state(let inner), .object(let name, let state)):
            try change(inner, inside: entry, className: name, state: state, depth: depth)
        default: throw mismatch
        }
    }

    private mutating func replace(
        _ entry: Entry, with value: SessionValue, base: SessionValue?, depth: Int
    ) throws(FormatError) {
        if case .map(let new) = value, case .map(let old)? = base, let index = program.resolved(entry).node,
            program.nodes[index].shape != .dict
        {
            // The dict of a session system's own class stays one: all its keys go, and others come.
            var entries: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for key in old.keys { entries[key] = .removed }
            for (key, value) in new {
                entries.removeValue(forKey: key)
                entries[key] = .edited(.replaced(value))
            }
            return try change(entries, in: entry, base: old, depth: depth)
        }
        let range = program.range(of: entry)
        var encoder = PickleEncoder(style: style)
        if case .integer(let number) = value, style.isPython2, isLong(entry) {
            encoder.write(long: BigInt(number))
        } else {
            try encoder.write(value, depth: depth)
        }
        // As many values are memoized as before, so that what comes later keeps its numbers.
        patch(range, encoder.bytes, isMemoized: style.memoizesInOrder && program.memoizes(in: range))
    }

    private func isLong(_ entry: Entry) -> Bool {
        guard let offset = program.resolved(entry).leafOffset,
            let (opcode, _) = PickleOpcode.read(program.payload, at: offset)
        else { return false }
        return opcode == .long || opcode == .long1 || opcode == .long4
    }
}

// MARK: - Maps

extension PickleEdits {
    private mutating func change(
        _ entries: OrderedDictionary<SessionValue, KeyEdit>, in entry: Entry, base: SessionMap,
        memberClass: (module: String, name: String)? = nil, depth: Int
    ) throws(FormatError) {
        let node = try node(of: entry)
        if node.shape != .dict {
            guard let object = program.object(of: node) else { throw mismatch }
            if let inner = object.base {
                let memberClass = PickleClass.memberClasses[object.canonicalName]
                return try change(entries, in: inner, base: base, memberClass: memberClass, depth: depth)
            }
            if PickleClass.sessionStates.contains(object.canonicalName), let state = object.states.first {
                return try change(entries, in: state, base: base, depth: depth)
            }
        }
        let items = program.entries(of: node, .items)
        guard items.count == 2 * base.count else { throw error("a key stands twice in the map, so it is only shown") }
        var changes = PickleMembers(count: base.count, perMember: 2)
        for (key, entry) in entries {
            switch (entry, base.index(forKey: key)) {
            case (.removed, let index?): changes.removed.insert(index)
            case (.edited(let edit), let index?):
                changes.edited.append(.init(index: index, edit: edit, base: base.values[index]))
            case (.edited(let edit), nil):
                if let kind = PickleEquality.unhashable(key) { throw error("a dict of Python has no \(kind) as a key") }
                for twin in PickleEquality.twins(of: key, style) where base[twin] != nil || entries[twin]?.edit != nil {
                    if entries[twin] != .removed { throw error(PickleEquality.same(key, twin)) }
                }
                changes.added[base.count, default: []].append(
                    try PickleEncoder.bytes(of: key, style: style, depth: depth + 1)
                        + member(edit.value(over: nil), of: memberClass, depth: depth + 1))
            case (.removed, nil): continue
            }
        }
        try change(node, .items, changes, depth: depth)
    }

    /// A new value of a map; where the map's members are dicts of a class, such a dict.
    private func member(
        _ value: SessionValue, of memberClass: (module: String, name: String)?, depth: Int
    ) throws(FormatError) -> [UInt8] {
        guard let memberClass else { return try PickleEncoder.bytes(of: value, style: style, depth: depth) }
        guard case .map = value else {
            throw error("what a session of its application holds are packages, maps of keys")
        }
        var encoder = PickleEncoder(style: style)
        try encoder.writeDict(value, ofClass: memberClass, depth: depth)
        return encoder.bytes
    }

    /// Python 2's OrderedDict is made of a list of lists of two.
    private mutating func changePairs(
        _ entries: OrderedDictionary<SessionValue, KeyEdit>, in list: Entry, base: SessionMap, depth: Int
    ) throws(FormatError) {
        let node = try node(of: list)
        let pairs = program.entries(of: node, .elements)
        guard node.shape == .list, pairs.count == base.count else { throw mismatch }
        var changes = PickleMembers(count: pairs.count, perMember: 1)
        for (key, entry) in entries {
            switch (entry, base.index(forKey: key)) {
            case (.removed, let index?): changes.removed.insert(index)
            case (.edited(let edit), let index?):
                let pair = try self.node(of: pairs[index])
                var inPair = PickleMembers(count: 2, perMember: 1)
                inPair.edited = [.init(index: 1, edit: edit, base: base.values[index])]
                try change(pair, .elements, inPair, depth: depth + 1)
            case (.edited(let edit), nil):
                for twin in PickleEquality.twins(of: key, style) where base[twin] != nil {
                    if entries[twin] != .removed { throw error(PickleEquality.same(key, twin)) }
                }
                let pair = SessionValue.list([key, edit.value(over: nil)])
                changes.added[pairs.count, default: []].append(
                    try PickleEncoder.bytes(of: pair, style: style, depth: depth + 1))
            case (.removed, nil): continue
            }
        }
        try change(node, .elements, changes, depth: depth)
    }
}

// MARK: - Lists, tuples, sets

extension PickleEdits {
    private mutating func change(
        _ list: ListEdit, in entry: Entry, base: [SessionValue], ofSet: Bool = false, depth: Int
    ) throws(FormatError) {
        let node = try node(of: entry)
        switch node.shape {
        case .list, .tuple, .set, .frozenSet: break
        default:
            // Older protocols make a set of a list.
            guard let object = program.object(of: node), object.arguments.count == 1 else { throw mismatch }
            return try change(list, in: object.arguments[0], base: base, ofSet: true, depth: depth)
        }
        let isSet = ofSet || node.shape == .set || node.shape == .frozenSet
        guard program.entries(of: node, .elements).count == base.count else { throw mismatch }
        var changes = PickleMembers(count: base.count, perMember: 1)
        for (index, edit) in list.edited {
            guard base.indices.contains(index) else { throw mismatch }
            changes.edited.append(.init(index: index, edit: edit, base: base[index]))
        }
        if let order = list.order {
            changes.removed = Set(base.indices)
            var pending: [[UInt8]] = []
            var last = -1
            for slot in order {
                switch slot {
                case .base(let index):
                    guard index > last, base.indices.contains(index) else { throw error("elements were moved") }
                    last = index
                    changes.removed.remove(index)
                    if !pending.isEmpty { changes.added[index] = pending }
                    pending = []
                case .added(let value):
                    pending.append(try PickleEncoder.bytes(of: value, style: style, depth: depth + 1))
                }
            }
            if !pending.isEmpty { changes.added[base.count] = pending }
        }
        if isSet, let reason = PickleEquality.refusal(ofKeys: list.elements(over: base), of: "a set", style) {
            throw error(reason)
        }
        try change(node, .elements, changes, depth: depth)
    }
}

// MARK: - Objects

extension PickleEdits {
    private mutating func change(
        _ edit: Edit, inside entry: Entry, className: String, state: SessionValue, depth: Int
    ) throws(FormatError) {
        func changed() -> SessionValue { .object(className: className, state: edit.value(over: state)) }
        if PickleScalar.names.contains(className) {
            return try replace(entry, with: changed(), base: nil, depth: depth)
        }
        let node = try node(of: entry)
        switch (edit, state) {
        case (.list(let list), .set(let elements)) where className == PickleClass.frozenSet:
            try change(list, in: entry, base: elements, depth: depth)
        case (.map(let entries), .map(let map)):
            guard let object = program.object(of: node), holdsOnlyItems(object) else { throw opaque(className) }
            if object.items.isEmpty, className == PickleClass.orderedDict, let pairs = object.arguments.first {
                try changePairs(entries, in: pairs, base: map, depth: depth)
            } else {
                try change(entries, in: entry, base: map, depth: depth)
            }
        case (.replaced, _) where className == PickleClass.frozenSet || className == PickleClass.orderedDict:
            try replace(entry, with: changed(), base: nil, depth: depth)
        case (.replaced(.map(let new)), .map(let old)):
            var entries: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for key in old.keys { entries[key] = .removed }
            for (key, value) in new {
                entries.removeValue(forKey: key)
                entries[key] = .edited(.replaced(value))
            }
            try change(.map(entries), inside: entry, className: className, state: state, depth: depth)
        default: throw opaque(className)
        }
    }

    private func opaque(_ className: String) -> FormatError {
        error("an instance of \(PrintableText.escaping(className)) is kept as it is, and not edited inside")
    }

    /// Whether an instance is a dict of another name: all that is shown of it are keys.
    private func holdsOnlyItems(_ object: PickleObject) -> Bool {
        let name = object.canonicalName
        if name == PickleClass.orderedDict || name == PickleClass.defaultDict { return object.states.isEmpty }
        let hasItems = !object.items.isEmpty || object.base != nil
        return hasItems && object.arguments.isEmpty && object.computedArguments == nil && object.keywords == nil
            && object.elements.isEmpty && object.states.allSatisfy(isEmptyDict)
    }

    private func isEmptyDict(_ entry: Entry) -> Bool {
        guard let index = program.resolved(entry).node else { return false }
        return program.nodes[index].shape == .dict && program.entries(of: program.nodes[index], .items).isEmpty
    }

    /// Applies edits inside members, for the extension that writes the members' own bytes.
    mutating func applyInside(_ edit: PickleMembers.Edited, _ entry: Entry, depth: Int) throws(FormatError) {
        try apply(edit.edit, to: entry, base: edit.base, depth: depth + 1)
    }
}
