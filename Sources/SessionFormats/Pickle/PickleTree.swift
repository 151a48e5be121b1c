internal import OrderedCollections
internal import SessionCore

/// Makes the tree of values that a pickle's nodes stand for.
struct PickleTree {
    typealias Entry = PickleProgram.Entry

    private let program: PickleProgram
    /// Nodes that stand in the tree already; where one comes again, it is a reference.
    private var visited: [Bool]
    /// Values that cannot change and have been asked for again, by the number of GET: they share their storage.
    private var repeated: [Int: (value: SessionValue, size: Int)] = [:]
    /// How many bytes of such values may still be repeated.
    ///
    /// What prints a tree prints them each time, so a few bytes that
    /// ask for a long text again and again are references from some point on.
    private var repeatableBytes: Int

    /// The tree of a program.
    static func tree(of program: PickleProgram) throws(FormatError) -> SessionValue {
        var tree = PickleTree(program: program)
        return try tree.value(of: program.root, depth: 0)
    }

    /// Whether a value cannot change, so that it may be written once more instead of being shared: a leaf, a class, or an
    /// instance that is shown as one value.
    static func isUnchangeable(_ entry: Entry, in program: PickleProgram) -> Bool {
        guard let index = program.resolved(entry).node else { return true }
        let node = program.nodes[index]
        return node.shape == .global || PickleTree(program: program).scalar(of: node) != nil
    }

    private init(program: PickleProgram) {
        self.program = program
        visited = Array(repeating: false, count: program.nodes.count)
        repeatableBytes = max(1 << 20, 4 * program.payload.count)
    }

    private func error(_ problem: String, at entry: Entry) -> FormatError {
        FormatError(format: "pickle", offset: program.range(of: entry).lowerBound, problem: problem)
    }

    private mutating func value(of entry: Entry, depth: Int) throws(FormatError) -> SessionValue {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)", at: entry)
        }
        let index: Int
        if let offset = entry.leafOffset {
            guard PickleOpcode.isGet(program.payload[offset]), let number = program.getNumber(at: offset) else {
                return try leaf(entry)
            }
            if let again = try repeatedValue(number) { return again }
            guard let node = program.memoEntry(number)?.node else { return try leaf(program.resolved(entry)) }
            index = node
        } else {
            index = entry.node ?? 0
        }
        let node = program.nodes[index]
        if visited[index] { return .reference(max(0, Int(node.memoNumber))) }
        visited[index] = true
        switch node.shape {
        case .list: return .list(try members(of: node, depth))
        case .tuple: return .tuple(try members(of: node, depth))
        case .set: return .set(try members(of: node, depth))
        case .frozenSet:
            let elements = try values(program.entries(of: node, .elements), depth + 1)
            return .object(className: PickleClass.frozenSet, state: .set(elements))
        case .dict: return .map(try items(of: node, depth))
        case .global:
            guard let name = program.name(of: .node(index)) else { throw error("a class has no name", at: entry) }
            return .object(className: PickleClass.global, state: .string(name))
        case .persistent:
            let name = try values(program.entries(of: node, .parts), depth + 1)
            return .object(className: "persistent id", state: name.first ?? .null)
        case .reduce, .newObject, .oldInstance: return try instance(node, entry, depth)
        }
    }

    private func leaf(_ entry: Entry) throws(FormatError) -> SessionValue {
        if let offset = entry.leafOffset, let value = PickleLeaf.value(program.payload, at: offset) { return value }
        if let name = program.name(of: entry) {
            return .object(className: PickleClass.global, state: .string(name))
        }
        throw error("the text of a value is none", at: entry)
    }

    /// The value that GET asks for by a number, where it is one that cannot change; nil for another.
    private mutating func repeatedValue(_ number: Int) throws(FormatError) -> SessionValue? {
        if let known = repeated[number] {
            guard known.size <= repeatableBytes else { return .reference(number) }
            repeatableBytes -= known.size
            return known.value
        }
        guard let target = program.memoEntry(number) else { return nil }
        let size = program.range(of: target).count
        guard size <= repeatableBytes else { return .reference(number) }
        if let index = target.node {
            guard let value = scalar(of: program.nodes[index]) else { return nil }
            repeated[number] = (value, size)
        } else {
            repeated[number] = (try leaf(target), size)
        }
        repeatableBytes -= size
        return repeated[number]?.value
    }

    /// The elements of a node, without an array of their entries.
    private mutating func members(of node: PickleProgram.Node, _ depth: Int) throws(FormatError) -> [SessionValue] {
        var values: [SessionValue] = []
        var next = Int(node.firstBatch)
        while next >= 0 {
            let batch = program.batches[next]
            values.reserveCapacity(values.count + Int(batch.count))
            for link in batch.links { values.append(try value(of: program.links[link], depth: depth + 1)) }
            next = Int(batch.next)
        }
        return values
    }

    /// The keys and values of a dict, without an array of their entries.
    private mutating func items(of node: PickleProgram.Node, _ depth: Int) throws(FormatError) -> SessionMap {
        var map = SessionMap()
        var next = Int(node.firstBatch)
        while next >= 0 {
            let batch = program.batches[next]
            if map.isEmpty { map = SessionMap(minimumCapacity: Int(batch.count) / 2) }
            for link in stride(from: batch.links.lowerBound, to: batch.links.upperBound - 1, by: 2) {
                let key = try value(of: program.links[link], depth: depth + 1)
                map[key] = try value(of: program.links[link + 1], depth: depth + 1)
            }
            next = Int(batch.next)
        }
        return map
    }

    private mutating func values(_ entries: [Entry], _ depth: Int) throws(FormatError) -> [SessionValue] {
        var values: [SessionValue] = []
        values.reserveCapacity(entries.count)
        for entry in entries { values.append(try value(of: entry, depth: depth + 1)) }
        return values
    }

    private mutating func map(_ entries: [Entry], _ depth: Int) throws(FormatError) -> SessionMap {
        var map = SessionMap(minimumCapacity: entries.count / 2)
        for index in stride(from: 0, to: entries.count - 1, by: 2) {
            let key = try value(of: entries[index], depth: depth + 1)
            map[key] = try value(of: entries[index + 1], depth: depth + 1)
        }
        return map
    }
}

// MARK: - Instances

extension PickleTree {
    private mutating func instance(
        _ node: PickleProgram.Node, _ entry: Entry, _ depth: Int
    ) throws(FormatError) -> SessionValue {
        guard let object = program.object(of: node) else { throw error("an instance has no class", at: entry) }
        if let scalar = scalar(of: node) { return scalar }
        if let known = try collection(object, depth) { return known }
        let name = object.canonicalName
        var parts: SessionMap = [:]
        if !object.arguments.isEmpty { parts["args"] = .tuple(try values(object.arguments, depth + 1)) }
        if let computed = object.computedArguments { parts["args"] = try value(of: computed, depth: depth + 2) }
        if let keywords = object.keywords { parts["kwargs"] = try value(of: keywords, depth: depth + 2) }
        if let base = object.base { parts["items"] = try value(of: base, depth: depth + 2) }
        if !object.items.isEmpty { parts["items"] = .map(try map(object.items, depth + 1)) }
        if !object.elements.isEmpty { parts["elements"] = .list(try values(object.elements, depth + 1)) }
        for state in object.states { parts["state"] = try value(of: state, depth: depth + 2) }
        // Python 2 gives each instance of protocol 2 its attributes, also where it has none.
        if parts.count > 1, parts["state"] == .emptyMap { parts["state"] = nil }
        // What is made of one thing only is shown as that.
        if parts.isEmpty { return .object(className: name, state: .emptyMap) }
        if parts.count == 1, let only = parts.values.first { return .object(className: name, state: only) }
        return .object(className: name, state: .map(parts))
    }

    /// Sets and dicts that older protocols spell as calls, and dicts of session systems in their own place.
    private mutating func collection(_ object: PickleObject, _ depth: Int) throws(FormatError) -> SessionValue? {
        let name = object.canonicalName
        switch name {
        case "builtins.set" where object.arguments.count == 1 && object.states.isEmpty:
            return try elements(of: object.arguments[0], depth + 1).map { .set($0) }
        case PickleClass.frozenSet where object.arguments.count == 1 && object.states.isEmpty:
            return try elements(of: object.arguments[0], depth + 2).map { .object(className: name, state: .set($0)) }
        case PickleClass.orderedDict where object.arguments.count == 1 && object.items.isEmpty && object.states.isEmpty:
            // Python 2: a list of lists of two.
            guard let pairs = listElements(of: object.arguments[0]) else { return nil }
            var entries: [Entry] = []
            for pair in pairs {
                guard let both = listElements(of: pair), both.count == 2 else { return nil }
                entries += both
            }
            return .object(className: name, state: .map(try map(entries, depth + 1)))
        case PickleClass.orderedDict where object.arguments.isEmpty && object.states.isEmpty,
            PickleClass.defaultDict where object.arguments.count <= 1 && object.states.isEmpty:
            return .object(className: name, state: .map(try map(object.items, depth + 1)))
        case _ where PickleClass.sessionItems.contains(name):
            guard let base = object.base else { return .map(try map(object.items, depth)) }
            guard object.items.isEmpty else { return nil }
            return try value(of: base, depth: depth)
        case _ where PickleClass.sessionStates.contains(name) && object.states.count == 1:
            return try value(of: object.states[0], depth: depth)
        default: return nil
        }
    }

    private func listElements(of entry: Entry) -> [Entry]? {
        guard let index = program.resolved(entry).node, program.nodes[index].shape == .list else { return nil }
        return program.entries(of: program.nodes[index], .elements)
    }

    private mutating func elements(of entry: Entry, _ depth: Int) throws(FormatError) -> [SessionValue]? {
        guard let entries = listElements(of: entry) ?? program.tupleElements(of: entry) else { return nil }
        return try values(entries, depth)
    }

    /// An instance that is one readable value; nil for another.
    ///
    /// Looks at leaves and such instances only, two deep at most (a date of protocol 2 is made of bytes that are made of
    /// text), so a pickle that holds itself cannot lead it in circles.
    private func scalar(of node: PickleProgram.Node, nesting: Int = 0) -> SessionValue? {
        guard let object = program.object(of: node), PickleScalar.names.contains(object.canonicalName),
            object.states.count <= 1
        else { return nil }
        func value(_ entry: Entry) -> SessionValue? {
            if let leaf = program.leafValue(entry) { return leaf }
            guard nesting < 2, let index = program.resolved(entry).node else { return nil }
            return scalar(of: program.nodes[index], nesting: nesting + 1)
        }
        let zone = object.arguments.count == 2 ? utcOffset(of: object.arguments[1]) : nil
        var arguments: [SessionValue] = []
        for (index, entry) in object.arguments.enumerated() {
            guard let argument = value(entry) ?? (index == 1 && zone != nil ? .null : nil) else { return nil }
            arguments.append(argument)
        }
        var state: SessionValue?
        if let entry = object.states.first {
            guard let index = program.resolved(entry).node, program.nodes[index].shape == .dict else { return nil }
            let items = program.entries(of: program.nodes[index], .items)
            guard items.count == 2, let key = value(items[0]), let number = value(items[1]) else { return nil }
            state = .map([key: number])
        }
        return PickleScalar.value(object, arguments: arguments, state: state, offset: zone)
    }

    /// Seconds east of UTC of a `datetime.timezone`; nil for another value.
    private func utcOffset(of entry: Entry) -> Int? {
        func made(_ entry: Entry, _ name: String) -> PickleObject? {
            guard let index = program.resolved(entry).node, let object = program.object(of: program.nodes[index]),
                object.className == name, object.states.isEmpty
            else { return nil }
            return object
        }
        guard let zone = made(entry, PickleClass.timeZone), zone.arguments.count == 1,
            let distance = made(zone.arguments[0], PickleClass.timeDelta), distance.arguments.count == 3
        else { return nil }
        var numbers: [Int] = []
        for argument in distance.arguments {
            guard case .integer(let number)? = program.leafValue(argument) else { return nil }
            numbers.append(number)
        }
        guard numbers[2] == 0, -1...0 ~= numbers[0], 0..<86400 ~= numbers[1] else { return nil }
        return numbers[0] * 86400 + numbers[1]
    }
}
