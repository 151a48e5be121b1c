internal import SessionCore

/// Writes a patched pickle: copies what is untouched, and keeps memo numbers and frames true.
///
/// - MEMOIZE numbers values by counting, so a value more or less renumbers what GET asks for.
/// - A value that was memoized where it is taken away, and is asked for later, is written at the first such place. That
///   holds for values that cannot change; a list or dict that would lose its first place is refused.
/// - A FRAME's length is that of what is in it. Opcodes without a frame are legal (PEP 3154), so where a FRAME itself
///   is taken away, what was in it has none.
struct PickleAssembler {
    private let program: PickleProgram
    private var output: [UInt8] = []
    /// The numbers in the output of what MEMOIZE numbered, by their numbers in the payload; -1 for none yet.
    private var numbers: [Int]
    /// Where the MEMOIZE opcodes stand, in order.
    private let memoizeOffsets: [Int]
    private var memoized = 0
    /// Numbers whose values were taken away.
    private var lost: Set<Int> = []
    private var frame: (lengthAt: Int, originalEnd: Int)?

    /// The pickle with patches in it, and what the memo numbers in it became; none for PUT, which keeps them.
    static func assemble(
        _ patches: [PickleEdits.Patch], in program: PickleProgram
    ) throws(FormatError) -> (payload: [UInt8], numbers: [Int]) {
        var assembler = PickleAssembler(program: program)
        var position = 0
        for patch in patches {
            guard patch.range.lowerBound >= position else {
                throw FormatError(format: "pickle", offset: position, problem: "two edits meet at one value")
            }
            try assembler.copy(position..<patch.range.lowerBound)
            assembler.lose(patch.range)
            assembler.insert(patch)
            position = patch.range.upperBound
        }
        try assembler.copy(position..<program.end)
        assembler.closeFrame()
        assembler.output += program.payload[program.end...]
        return (assembler.output, assembler.numbers)
    }

    private init(program: PickleProgram) {
        self.program = program
        numbers = Array(repeating: -1, count: program.memoized.count)
        memoizeOffsets = program.memoized.isEmpty ? [] : program.memoizeOffsets()
        output.reserveCapacity(program.payload.count + 64)
    }

    private mutating func copy(_ range: Range<Int>) throws(FormatError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if let frame, offset >= frame.originalEnd { closeFrame() }
            guard let (opcode, end) = PickleOpcode.read(program.payload, at: offset) else { return }
            if let frame, end > frame.originalEnd { throw misframed(offset) }
            if opcode == .frame {
                let length = program.payload.littleEndian(at: offset + 1, width: 8)
                guard frame == nil, length <= UInt64(program.payload.count - end) else { throw misframed(offset) }
                output.append(opcode.rawValue)
                frame = (output.count, end + Int(length))
                output += program.payload[(offset + 1)..<end]
            } else {
                try emit(opcode, offset..<end, depth: 0)
            }
            offset = end
        }
    }

    private func misframed(_ offset: Int) -> FormatError {
        FormatError(format: "pickle", offset: offset, problem: "its frames do not end where opcodes do")
    }

    private mutating func closeFrame() {
        guard let frame else { return }
        let length = UInt64(output.count - frame.lengthAt - 8)
        for index in 0..<8 { output[frame.lengthAt + index] = UInt8(length >> UInt64(8 * index) & 0xFF) }
        self.frame = nil
    }

    private mutating func emit(_ opcode: PickleOpcode, _ range: Range<Int>, depth: Int) throws(FormatError) {
        switch opcode {
        case .memoize:
            if let number = ordinal(at: range.lowerBound) { numbers[number] = memoized }
            memoized += 1
            output.append(opcode.rawValue)
        case .get, .binGet, .longBinGet:
            guard let number = program.getNumber(at: range.lowerBound) else { return }
            if lost.contains(number) { return try restore(number, at: range.lowerBound, depth: depth) }
            guard numbers.indices.contains(number), numbers[number] != number else {
                output += program.payload[range]
                return
            }
            let new = numbers[number]
            output.append((new < 256 ? PickleOpcode.binGet : .longBinGet).rawValue)
            for index in 0..<(new < 256 ? 1 : 4) { output.append(UInt8(new >> (8 * index) & 0xFF)) }
        default: output += program.payload[range]
        }
    }

    private mutating func insert(_ patch: PickleEdits.Patch) {
        // What is new asks for nothing, and is memoized at its end if at all.
        if patch.isMemoized { memoized += 1 }
        output += patch.bytes
    }

    private mutating func lose(_ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound, let (opcode, end) = PickleOpcode.read(program.payload, at: offset) {
            switch opcode {
            case .memoize: if let number = ordinal(at: offset) { lost.insert(number) }
            case .binPut: lost.insert(Int(program.payload[offset + 1]))
            case .longBinPut: lost.insert(Int(program.payload.littleEndian(at: offset + 1, width: 4)))
            case .put:
                if let number = PickleText.number(program.payload[(offset + 1)..<(end - 1)]) { lost.insert(number) }
            default: break
            }
            offset = end
        }
    }

    /// Writes a value that was taken away at the first place that asks for it.
    private mutating func restore(_ number: Int, at place: Int, depth: Int) throws(FormatError) {
        guard let entry = program.memoEntry(number), depth < 8, PickleTree.isUnchangeable(entry, in: program) else {
            throw FormatError(
                format: "pickle", offset: place,
                problem: "the value is used a second time elsewhere in the pickle; edit it inside instead")
        }
        let range = program.range(of: entry)
        var offset = range.lowerBound
        while offset < range.upperBound, let (opcode, end) = PickleOpcode.read(program.payload, at: offset) {
            if opcode == .memoize, let inside = ordinal(at: offset) { lost.remove(inside) }
            if opcode != .frame { try emit(opcode, offset..<end, depth: depth + 1) }
            offset = end
        }
        lost.remove(number)
    }

    private func ordinal(at offset: Int) -> Int? {
        var low = 0
        var high = memoizeOffsets.count
        while low < high {
            let middle = (low + high) / 2
            if memoizeOffsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low < memoizeOffsets.count && memoizeOffsets[low] == offset ? low : nil
    }
}

extension PickleProgram {
    fileprivate func memoizeOffsets() -> [Int] {
        var offsets: [Int] = []
        offsets.reserveCapacity(memoized.count)
        var offset = 0
        while offset < end, let (opcode, next) = PickleOpcode.read(payload, at: offset) {
            if opcode == .memoize { offsets.append(offset) }
            offset = next
        }
        return offsets
    }

    /// Whether a value in a range is memoized by MEMOIZE.
    func memoizes(in range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound, let (opcode, next) = PickleOpcode.read(payload, at: offset) {
            if opcode == .memoize { return true }
            offset = next
        }
        return false
    }
}
