internal import SessionCore

/// Runs a pickle's opcodes over a stack of entries, and records what they build.
///
/// Time and memory grow with the payload's length only: nothing is made for a length or a memo number that is merely
/// claimed, and nothing nests deeper than `Notation.maximumDepth`.
struct PickleParser {
    typealias Entry = PickleProgram.Entry

    private(set) var program: PickleProgram
    private var stack: [Entry] = []
    /// The height of the stack at each MARK, and the MARK's offset.
    private var marks: [(height: Int, offset: Int)] = []
    private var offset = 0

    /// The program of a payload.
    static func parse(_ payload: [UInt8]) throws(FormatError) -> PickleProgram {
        // Offsets are kept in 32 bits; memcached takes 1 GiB at most.
        guard payload.count < Int(Int32.max) else {
            throw FormatError(format: "pickle", problem: "it is longer than 2 GiB")
        }
        var parser = PickleParser(program: PickleProgram(payload: payload))
        try parser.run()
        return parser.program
    }

    private init(program: PickleProgram) {
        self.program = program
        program.payload.withUnsafeBufferPointer { stack.reserveCapacity(min($0.count, 64)) }
    }

    private func error(_ problem: String) -> FormatError {
        FormatError(format: "pickle", offset: offset, problem: problem)
    }

    private mutating func run() throws(FormatError) {
        while true {
            guard let byte = program.payload.indices.contains(offset) ? program.payload[offset] : nil else {
                throw error("it ends before its STOP opcode")
            }
            guard let (opcode, end) = PickleOpcode.read(program.payload, at: offset) else {
                throw error(
                    PickleOpcode(rawValue: byte).map { "the argument of \($0.name) is cut off" }
                        ?? "there is no opcode \(byte)")
            }
            if opcode == .stop {
                try stop()
                return
            }
            try perform(opcode, end: end)
            offset = end
        }
    }

    private mutating func stop() throws(FormatError) {
        guard let root = stack.last, marks.isEmpty || marks.last.map({ $0.height < stack.count }) == true else {
            throw error("it stops with no value")
        }
        program.root = root
        if stack.count > 1 || !marks.isEmpty { note("it leaves more than one value") }
        program.end = offset + 1
        // What stands behind is read by nobody, and kept.
    }

    private mutating func note(_ irregularity: String) {
        program.irregularity = program.irregularity ?? irregularity
    }

    private mutating func perform(_ opcode: PickleOpcode, end: Int) throws(FormatError) {
        switch opcode {
        case .proto:
            guard program.payload[offset + 1] <= 5 else {
                throw error("pickle protocol \(program.payload[offset + 1]) is not known, only 0 to 5")
            }
            program.version = Int(program.payload[offset + 1])
        case .frame: break
        case .mark: marks.append((stack.count, offset))
        case .stop: break
        case .string, .binString, .shortBinString:
            program.hasByteStrings = true
            stack.append(.leaf(offset))
        case .none, .newTrue, .newFalse, .int, .binInt, .binInt1, .binInt2, .long, .long1, .long4, .float, .binFloat,
            .unicode, .binUnicode, .shortBinUnicode, .binUnicode8, .binBytes, .shortBinBytes, .binBytes8, .byteArray8,
            .persID, .global, .ext1, .ext2, .ext4:
            stack.append(.leaf(offset))
        case .nextBuffer, .readOnlyBuffer: throw error("it takes a buffer from outside the payload")
        case .get, .binGet, .longBinGet:
            guard let number = program.getNumber(at: offset), program.memoEntry(number) != nil else {
                throw error("\(opcode.name) asks for a value that was not memoized")
            }
            stack.append(.leaf(offset))
        case .put, .binPut, .longBinPut, .memoize: try memoize(opcode, end: end)
        case .pop, .popMark, .dup: try rearrange(opcode)
        case .emptyTuple, .tuple1, .tuple2, .tuple3, .emptyList, .emptyDict, .emptySet: try make(opcode, end: end)
        case .tuple, .list, .dict, .frozenSet, .inst, .obj: try makeFromMark(opcode, end: end)
        case .binPersID, .stackGlobal, .reduce, .newObj, .newObjEx: try makeFromParts(opcode, end: end)
        case .append: try give(.elements, count: 1, end: end)
        case .setItem: try give(.items, count: 2, end: end)
        case .build: try give(.state, count: 1, end: end)
        case .appends, .addItems: try giveFromMark(.elements, opcode, end: end)
        case .setItems: try giveFromMark(.items, opcode, end: end)
        }
    }
}

// MARK: - The stack

extension PickleParser {
    /// Takes the topmost entries, none of them below the last MARK.
    private mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<Entry> {
        guard stack.count - count >= marks.last?.height ?? 0 else { throw error("the stack has too few values") }
        let taken = stack[(stack.count - count)...]
        stack.removeLast(count)
        return taken
    }

    /// Takes everything above the last MARK, and the MARK.
    private mutating func takeToMark() throws(FormatError) -> (entries: ArraySlice<Entry>, mark: Int) {
        guard let mark = marks.popLast() else { throw error("there is no MARK") }
        let taken = stack[mark.height...]
        stack.removeLast(stack.count - mark.height)
        return (taken, mark.offset)
    }

    private mutating func rearrange(_ opcode: PickleOpcode) throws(FormatError) {
        switch opcode {
        case .pop:
            if let mark = marks.last, mark.height == stack.count {
                marks.removeLast()
            } else {
                _ = try take(1)
            }
            note("it makes values that it throws away, as a tuple that holds itself does")
        case .popMark:
            _ = try takeToMark()
            note("it makes values that it throws away, as a tuple that holds itself does")
        default:
            guard let top = try take(1).first else { return }
            stack += [top, top]
            note("it uses a value twice without memoizing it")
        }
    }

    private mutating func memoize(_ opcode: PickleOpcode, end: Int) throws(FormatError) {
        guard let top = stack.last, stack.count > marks.last?.height ?? 0 else { throw error("nothing to memoize") }
        let number: Int
        if opcode == .memoize {
            number = program.memoized.count
            guard program.memo.isEmpty else {
                throw error("MEMOIZE and PUT stand in one pickle, as no pickler writes it")
            }
            program.memoized.append(top)
        } else {
            let asked =
                switch opcode {
                case .binPut: Int(program.payload[offset + 1])
                case .longBinPut: Int(program.payload.littleEndian(at: offset + 1, width: 4))
                default: PickleText.number(program.payload[(offset + 1)..<(end - 1)])
                }
            guard let asked else { throw error("PUT needs a number") }
            guard program.memoized.isEmpty else {
                throw error("MEMOIZE and PUT stand in one pickle, as no pickler writes it")
            }
            guard program.memo.updateValue(top, forKey: asked) == nil else {
                throw error("memo number \(asked) is given twice, as no pickler does")
            }
            number = asked
        }
        guard let node = top.node else {
            // A GET is followed by no PUT: the value has its number already.
            if let leaf = top.leafOffset, program.getNumber(at: leaf) != nil { note("it memoizes a value twice") }
            return
        }
        if program.nodes[node].memoNumber >= 0 { note("it memoizes a value twice") }
        program.nodes[node].memoNumber = Int32(truncatingIfNeeded: number)
        program.nodes[node].end = Int32(end)
        let isEmpty = program.nodes[node].firstBatch == program.nodes[node].lastBatch
        if isEmpty { program.nodes[node].createdEnd = Int32(end) }
    }

    private func start(of entry: Entry) -> Int {
        entry.node.map { Int(program.nodes[$0].start) } ?? entry.leafOffset ?? 0
    }

    private func depth(of entry: Entry) -> Int32 {
        entry.node.map { program.nodes[$0].depth } ?? 0
    }
}

// MARK: - Nodes

extension PickleParser {
    private mutating func push(
        _ shape: PickleProgram.Shape, parts: ArraySlice<Entry>, role: PickleProgram.Role, start: Int, end: Int
    ) throws(FormatError) {
        program.nodes.append(
            PickleProgram.Node(shape: shape, start: Int32(start), end: Int32(end), createdEnd: Int32(end)))
        let node = program.nodes.count - 1
        try add(parts, to: node, role, start: start)
        stack.append(.node(node))
    }

    private mutating func add(
        _ entries: ArraySlice<Entry>, to node: Int, _ role: PickleProgram.Role, start: Int
    ) throws(FormatError) {
        guard !entries.isEmpty else { return }
        let batch = program.batches.count
        program.batches.append(
            PickleProgram.Batch(
                role: role, firstLink: Int32(program.links.count), count: Int32(entries.count), start: Int32(start),
                opcode: Int32(offset)))
        program.links.append(contentsOf: entries)
        var depth = program.nodes[node].depth
        for entry in entries { depth = max(depth, 1 + self.depth(of: entry)) }
        guard depth <= Notation.maximumDepth else { throw error("values nest deeper than \(Notation.maximumDepth)") }
        program.nodes[node].depth = depth
        let last = Int(program.nodes[node].lastBatch)
        if last >= 0 {
            program.batches[last].next = Int32(batch)
        } else {
            program.nodes[node].firstBatch = Int32(batch)
        }
        program.nodes[node].lastBatch = Int32(batch)
    }

    private mutating func make(_ opcode: PickleOpcode, end: Int) throws(FormatError) {
        switch opcode {
        case .emptyList: try push(.list, parts: [], role: .elements, start: offset, end: end)
        case .emptyDict: try push(.dict, parts: [], role: .items, start: offset, end: end)
        case .emptySet: try push(.set, parts: [], role: .elements, start: offset, end: end)
        default:
            let count = opcode == .tuple1 ? 1 : opcode == .tuple2 ? 2 : opcode == .tuple3 ? 3 : 0
            let parts = try take(count)
            try push(
                .tuple, parts: parts, role: .elements, start: parts.first.map { start(of: $0) } ?? offset, end: end)
        }
    }

    private mutating func makeFromMark(_ opcode: PickleOpcode, end: Int) throws(FormatError) {
        let (entries, mark) = try takeToMark()
        switch opcode {
        case .list: try push(.list, parts: entries, role: .elements, start: mark, end: end)
        case .tuple: try push(.tuple, parts: entries, role: .elements, start: mark, end: end)
        case .frozenSet: try push(.frozenSet, parts: entries, role: .elements, start: mark, end: end)
        case .dict:
            guard entries.count % 2 == 0 else { throw error("a key of a dict has no value") }
            try push(.dict, parts: entries, role: .items, start: mark, end: end)
        default:
            guard opcode == .inst || !entries.isEmpty else { throw error("OBJ has no class") }
            try push(.oldInstance, parts: entries, role: .parts, start: mark, end: end)
        }
    }

    private mutating func makeFromParts(_ opcode: PickleOpcode, end: Int) throws(FormatError) {
        let count = opcode == .binPersID ? 1 : opcode == .newObjEx ? 3 : 2
        let parts = try take(count)
        let start = parts.first.map { self.start(of: $0) } ?? offset
        let shape: PickleProgram.Shape =
            switch opcode {
            case .binPersID: .persistent
            case .stackGlobal: .global
            case .reduce: .reduce
            default: .newObject
            }
        try push(shape, parts: parts, role: .parts, start: start, end: end)
    }

    private mutating func give(_ role: PickleProgram.Role, count: Int, end: Int) throws(FormatError) {
        let entries = try take(count)
        try give(entries, role, start: entries.first.map { start(of: $0) } ?? offset, end: end)
    }

    private mutating func giveFromMark(
        _ role: PickleProgram.Role, _ opcode: PickleOpcode, end: Int
    ) throws(FormatError) {
        let (entries, mark) = try takeToMark()
        guard role != .items || entries.count % 2 == 0 else { throw error("a key of a dict has no value") }
        try give(entries, role, start: mark, end: end)
    }

    private mutating func give(
        _ entries: ArraySlice<Entry>, _ role: PickleProgram.Role, start: Int, end: Int
    ) throws(FormatError) {
        guard let top = stack.last, stack.count > marks.last?.height ?? 0 else {
            throw error("the stack has too few values")
        }
        let target = program.resolved(top)
        guard let node = target.node, takes(role, program.nodes[node].shape) else {
            throw error("the value there takes no \(role == .items ? "keys" : role == .state ? "state" : "elements")")
        }
        if target != top { note("it changes a value after it was finished") }
        try add(entries, to: node, role, start: start)
        if target == top { program.nodes[node].end = Int32(end) }
    }

    private func takes(_ role: PickleProgram.Role, _ shape: PickleProgram.Shape) -> Bool {
        switch shape {
        case .list, .set: role == .elements
        case .dict: role == .items
        case .reduce, .newObject, .oldInstance: true
        case .tuple, .frozenSet, .global, .persistent: false
        }
    }
}
