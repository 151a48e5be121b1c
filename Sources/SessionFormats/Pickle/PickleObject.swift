internal import SessionCore

/// An instance as its opcodes make it: which class, from what.
struct PickleObject {
    typealias Entry = PickleProgram.Entry

    /// Module and name, such as `shop.models.Cart`; as stored, so Python 2's names stay.
    var className: String
    /// What the class or function is called with.
    var arguments: [Entry] = []
    /// The arguments as one entry, where they are no tuple.
    var computedArguments: Entry?
    var keywords: Entry?
    /// The value of the built-in class that this one extends, by `copyreg._reconstructor`.
    var base: Entry?
    var items: [Entry] = []
    var elements: [Entry] = []
    var states: [Entry] = []

    /// The class with the modules of Python 2 under the names of Python 3.
    var canonicalName: String {
        className.hasPrefix("__builtin__.") ? "builtins." + className.dropFirst("__builtin__.".count) : className
    }
}

extension PickleProgram {
    /// The instance that a node makes; nil for a node of another shape.
    func object(of node: Node) -> PickleObject? {
        let parts = entries(of: node, .parts)
        var object: PickleObject
        switch node.shape {
        case .reduce:
            guard parts.count == 2 else { return nil }
            object = reduced(parts[0], parts[1])
        case .newObject:
            guard parts.count >= 2 else { return nil }
            object = PickleObject(className: name(of: parts[0]) ?? Self.unnamed)
            setArguments(parts[1], of: &object)
            if parts.count > 2 { object.keywords = parts[2] }
        case .oldInstance:
            if let (opcode, end) = PickleOpcode.read(payload, at: opcode(of: node)), opcode == .inst {
                object = PickleObject(className: nameInLines(opcode: self.opcode(of: node), end: end))
                object.arguments = parts
            } else {
                guard let first = parts.first else { return nil }
                object = PickleObject(className: name(of: first) ?? Self.unnamed)
                object.arguments = Array(parts.dropFirst())
            }
        case .list, .tuple, .dict, .set, .frozenSet, .global, .persistent: return nil
        }
        object.items = entries(of: node, .items)
        object.elements = entries(of: node, .elements)
        object.states = entries(of: node, .state)
        return object
    }

    /// What stands for a class that is itself computed.
    private static let unnamed = "(computed class)"

    private func reduced(_ callable: Entry, _ arguments: Entry) -> PickleObject {
        guard let function = name(of: callable) else {
            var object = PickleObject(className: Self.unnamed)
            object.arguments = [callable, arguments]
            return object
        }
        let given = tupleElements(of: arguments)
        switch function {
        case "copy_reg._reconstructor", "copyreg._reconstructor":
            guard let given, given.count == 3, let className = name(of: given[0]), let base = name(of: given[1]) else {
                break
            }
            var object = PickleObject(className: className)
            if base != "__builtin__.object", base != "builtins.object" { object.base = given[2] }
            return object
        case "copy_reg.__newobj__", "copyreg.__newobj__":
            guard let given, let first = given.first, let className = name(of: first) else { break }
            var object = PickleObject(className: className)
            object.arguments = Array(given.dropFirst())
            return object
        default: break
        }
        var object = PickleObject(className: function)
        setArguments(arguments, of: &object)
        return object
    }

    private func setArguments(_ entry: Entry, of object: inout PickleObject) {
        if let elements = tupleElements(of: entry) {
            object.arguments = elements
        } else {
            object.computedArguments = entry
        }
    }

    /// The elements of a tuple, shared or not; nil for another value.
    func tupleElements(of entry: Entry) -> [Entry]? {
        guard let index = resolved(entry).node, nodes[index].shape == .tuple else { return nil }
        return entries(of: nodes[index], .elements)
    }

    /// The opcode that made a node whose parts are no more than one batch.
    private func opcode(of node: Node) -> Int {
        guard batches.indices.contains(Int(node.firstBatch)) else {
            // INST and EMPTY_* without entries: the opcode is the first behind the MARK.
            return payload[Int(node.start)] == PickleOpcode.mark.rawValue ? Int(node.start) + 1 : Int(node.start)
        }
        return Int(batches[Int(node.firstBatch)].opcode)
    }

    /// Module and name of a class or function; nil for another value.
    func name(of entry: Entry) -> String? {
        let entry = resolved(entry)
        if let index = entry.node {
            guard nodes[index].shape == .global else { return nil }
            let parts = entries(of: nodes[index], .parts)
            guard parts.count == 2, case .string(let module)? = leafValue(parts[0]),
                case .string(let name)? = leafValue(parts[1])
            else { return nil }
            return module + "." + name
        }
        guard let offset = entry.leafOffset, let (opcode, end) = PickleOpcode.read(payload, at: offset) else {
            return nil
        }
        switch opcode {
        case .global: return nameInLines(opcode: offset, end: end)
        case .ext1, .ext2, .ext4:
            return "extension.\(payload.littleEndian(at: offset + 1, width: end - offset - 1))"
        default: return nil
        }
    }

    private func nameInLines(opcode: Int, end: Int) -> String {
        let text = payload[(opcode + 1)..<(end - 1)]
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }

    /// The value of a leaf that is no node, references followed.
    func leafValue(_ entry: Entry) -> SessionValue? {
        guard let offset = resolved(entry).leafOffset else { return nil }
        return PickleLeaf.value(payload, at: offset)
    }
}
