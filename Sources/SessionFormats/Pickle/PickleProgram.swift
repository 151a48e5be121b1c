/// What a pickle's opcodes build, as nodes over its bytes; nothing of it is executed.
///
/// A pickle is a program for a stack machine. Picklers write it such that each value's opcodes stand together, so a value
/// is a range of bytes, and the values inside it are ranges inside that range. Where a program does anything else, what it
/// builds is still shown, and `irregularity` says why it cannot be edited.
struct PickleProgram {
    /// A value on the stack: a leaf, known by the offset of its opcode, or a node.
    struct Entry: Hashable {
        private let code: Int32

        static func leaf(_ offset: Int) -> Entry { Entry(code: ~Int32(truncatingIfNeeded: offset)) }
        static func node(_ index: Int) -> Entry { Entry(code: Int32(truncatingIfNeeded: index)) }

        private init(code: Int32) { self.code = code }

        var node: Int? { code >= 0 ? Int(code) : nil }
        var leafOffset: Int? { code < 0 ? Int(~code) : nil }
    }

    /// What a node is.
    enum Shape: UInt8 {
        case list, tuple, dict, set, frozenSet
        /// A class or function by module and name, as two entries.
        case global
        /// A callable and its arguments.
        case reduce
        /// A class and the arguments of `__new__`; with names as a third.
        case newObject
        /// An instance of an old-style class; the class is named by the opcode itself or is the first part.
        case oldInstance
        /// An object that the application keeps elsewhere, by its name there.
        case persistent
    }

    /// What the entries of a batch are to their node.
    enum Role: UInt8 {
        /// What the node was made of.
        case parts
        /// Keys and values by turns.
        case items
        case elements
        case state
    }

    /// Entries that one opcode gave to a node.
    struct Batch {
        var role: Role
        var firstLink: Int32
        var count: Int32
        /// Where the batch begins: its MARK, or the first of its entries.
        var start: Int32
        /// The opcode that gives them to the node.
        var opcode: Int32
        /// The next batch of the node; -1 for none.
        var next: Int32 = -1

        var links: Range<Int> { Int(firstLink)..<Int(firstLink + count) }
    }

    struct Node {
        var shape: Shape
        /// The node's bytes, all opcodes that put something into it included.
        var start: Int32
        var end: Int32
        /// Behind the opcode that made it and that opcode's PUT or MEMOIZE.
        var createdEnd: Int32
        var firstBatch: Int32 = -1
        var lastBatch: Int32 = -1
        var memoNumber: Int32 = -1
        /// How many nodes stand around the deepest inside, itself included.
        var depth: Int32 = 1

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    let payload: [UInt8]
    var nodes: [Node] = []
    var batches: [Batch] = []
    var links: [Entry] = []
    /// What GET finds under a number.
    var memo: [Int: Entry] = [:]
    /// What GET finds under the numbers that MEMOIZE gave, from 0.
    var memoized: [Entry] = []
    var root = Entry.leaf(0)
    /// The number that PROTO names; 0 without it, and 1 if binary opcodes are used all the same.
    var version = 0
    /// Whether a Python 2 wrote it: Python 3 writes no opcodes for byte strings.
    var hasByteStrings = false
    /// Behind STOP.
    var end = 0
    /// Why nothing in it can be edited, as the end of a sentence; nil if everything is as picklers write it.
    var irregularity: String?

    init(payload: [UInt8]) { self.payload = payload }
}

extension PickleProgram {
    func memoEntry(_ number: Int) -> Entry? {
        memoized.indices.contains(number) ? memoized[number] : memo[number]
    }

    /// The number that a GET asks for; nil for another opcode.
    func getNumber(at offset: Int) -> Int? {
        guard offset < payload.count, PickleOpcode.isGet(payload[offset]) else { return nil }
        guard let (opcode, end) = PickleOpcode.read(payload, at: offset) else { return nil }
        switch opcode {
        case .binGet: return Int(payload[offset + 1])
        case .longBinGet: return Int(payload.littleEndian(at: offset + 1, width: 4))
        case .get: return PickleText.number(payload[(offset + 1)..<(end - 1)])
        default: return nil
        }
    }

    /// The value itself where an entry is a GET.
    func resolved(_ entry: Entry) -> Entry {
        guard let offset = entry.leafOffset, let number = getNumber(at: offset) else { return entry }
        return memoEntry(number) ?? entry
    }

    /// The batches of a node in the order of the program.
    func batches(of node: Node) -> [Batch] {
        var found: [Batch] = []
        var next = Int(node.firstBatch)
        while batches.indices.contains(next) {
            found.append(batches[next])
            next = Int(batches[next].next)
        }
        return found
    }

    /// All entries of a node that have a role.
    func entries(of node: Node, _ role: Role) -> [Entry] {
        var found: [Entry] = []
        var next = Int(node.firstBatch)
        while next >= 0 {
            let batch = batches[next]
            if batch.role == role { found.append(contentsOf: links[batch.links]) }
            next = Int(batch.next)
        }
        return found
    }

    /// The bytes of an entry, the PUT or MEMOIZE behind a leaf included.
    func range(of entry: Entry) -> Range<Int> {
        if let node = entry.node { return nodes[node].range }
        guard let start = entry.leafOffset, let (_, end) = PickleOpcode.read(payload, at: start) else { return 0..<0 }
        return start..<leafEnd(end)
    }

    /// Behind the PUT or MEMOIZE that stands behind a leaf, if one does; a frame may begin in between.
    private func leafEnd(_ end: Int) -> Int {
        var offset = end
        while let (opcode, next) = PickleOpcode.read(payload, at: offset) {
            switch opcode {
            case .put, .binPut, .longBinPut, .memoize: return next
            case .frame: offset = next
            default: return end
            }
        }
        return end
    }
}
