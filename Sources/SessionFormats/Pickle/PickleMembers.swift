internal import SessionCore

/// What changes among the elements of a list, or the keys of a dict, in the order of the pickle.
struct PickleMembers {
    struct Edited {
        var index: Int
        var edit: Edit
        var base: SessionValue
    }

    /// How many there are.
    let count: Int
    /// 1 for elements, 2 for keys with their values.
    let perMember: Int
    var removed: Set<Int> = []
    var edited: [Edited] = []
    /// Opcodes of new members before the one of a number; those behind the last under the count.
    var added: [Int: [[UInt8]]] = [:]

    init(count: Int, perMember: Int) {
        self.count = count
        self.perMember = perMember
    }
}

extension PickleEdits {
    /// How a batch's opcode takes its members.
    private enum Giving {
        /// It makes the collection of all since the MARK, or of a fixed number.
        case creating
        /// APPEND or SETITEM takes one.
        case single
        /// APPENDS, SETITEMS or ADDITEMS takes all since the MARK.
        case marked
    }

    private func giving(_ opcode: PickleOpcode?) -> Giving {
        switch opcode {
        case .append, .setItem: .single
        case .appends, .setItems, .addItems: .marked
        default: .creating
        }
    }

    /// Writes what changes among the members of a node.
    mutating func change(
        _ node: PickleProgram.Node, _ role: PickleProgram.Role, _ members: PickleMembers, depth: Int
    ) throws(FormatError) {
        let batches = program.batches(of: node).filter { $0.role == role }
        var last: (giving: Giving, opcode: Int, isGone: Bool)?
        var edited: [Int: PickleMembers.Edited] = [:]
        for edit in members.edited { edited[edit.index] = edit }
        let tuple = node.shape == .tuple ? tupleForm(of: node, batches, members) : nil
        if tuple?.needsMark == true {
            patch(Int(node.start)..<Int(node.start), [PickleOpcode.mark.rawValue])
        }
        var index = 0
        for batch in batches {
            let opcode = Int(batch.opcode)
            let giving = giving(PickleOpcode(rawValue: program.payload[opcode]))
            let all = index..<(index + Int(batch.count) / members.perMember)
            let isGone =
                giving == .marked && all.allSatisfy { members.removed.contains($0) && members.added[$0] == nil }
                && !(all.upperBound == members.count && members.added[members.count] != nil)
            if isGone { patch(Int(batch.start)..<(opcode + 1)) }
            for member in all where !isGone {
                let links = batch.links.dropFirst((member - index) * members.perMember).prefix(members.perMember)
                guard let first = links.first, let value = links.last else { continue }
                let whole =
                    giving == .single
                    ? Int(batch.start)..<(opcode + 1)
                    : program.range(of: program.links[first])
                        .lowerBound..<program.range(of: program.links[value]).upperBound
                for bytes in members.added[member] ?? [] {
                    let tail = giving == .single ? [program.payload[opcode]] : []
                    patch(whole.lowerBound..<whole.lowerBound, bytes + tail)
                }
                if members.removed.contains(member) {
                    patch(whole)
                } else if let edit = edited[member] {
                    try applyInside(edit, program.links[value], depth: depth)
                }
            }
            last = (giving, opcode, isGone)
            index = all.upperBound
        }
        let added = members.added[members.count] ?? []
        switch node.shape {
        case .tuple:
            guard let tuple else { return }
            let end = tuple.replacement == nil ? tuple.opcode : tuple.opcode + 1
            patch(tuple.opcode..<end, added.flatMap { $0 } + (tuple.replacement.map { [$0.rawValue] } ?? []))
        case .frozenSet:
            let opcode = last?.opcode ?? Int(node.start) + 1
            patch(opcode..<opcode, added.flatMap { $0 })
        case .set: append(added, behind: last, of: node, .addItems, .addItems)
        case .list: append(added, behind: last, of: node, .append, .appends)
        default: append(added, behind: last, of: node, .setItem, .setItems)
        }
    }

    private mutating func append(
        _ added: [[UInt8]], behind last: (giving: Giving, opcode: Int, isGone: Bool)?, of node: PickleProgram.Node,
        _ single: PickleOpcode, _ several: PickleOpcode
    ) {
        if let last, last.giving == .marked, !last.isGone {
            return patch(last.opcode..<last.opcode, added.flatMap { $0 })
        }
        // Behind the opcode that made the collection stands its PUT or MEMOIZE.
        let end = last.map { $0.giving == .creating ? Int(node.createdEnd) : $0.opcode + 1 } ?? Int(node.createdEnd)
        patch(end..<end, PickleEncoder.giving(added, unit: single, several: several, style))
    }

    /// The opcode that makes a tuple: from protocol 2 on those of up to three members have opcodes without MARK.
    private struct TupleForm {
        var opcode: Int
        /// What takes its place; nil to keep it.
        var replacement: PickleOpcode?
        var needsMark = false
    }

    private func tupleForm(
        of node: PickleProgram.Node, _ batches: [PickleProgram.Batch], _ members: PickleMembers
    ) -> TupleForm {
        let start = Int(node.start)
        let opcode = batches.last.map { Int($0.opcode) } ?? start
        switch PickleOpcode(rawValue: program.payload[opcode]) {
        case .tuple1, .tuple2, .tuple3, .emptyTuple: break
        case .tuple: return TupleForm(opcode: opcode)
        // A MARK, and at once the opcode.
        default: return TupleForm(opcode: opcode + 1)
        }
        let added = members.added.values.reduce(0) { $0 + $1.count }
        guard added != members.removed.count else { return TupleForm(opcode: opcode) }
        let fixed: [PickleOpcode] = style.version >= 2 ? [.emptyTuple, .tuple1, .tuple2, .tuple3] : [.emptyTuple]
        let count = members.count - members.removed.count + added
        if fixed.indices.contains(count) { return TupleForm(opcode: opcode, replacement: fixed[count]) }
        return TupleForm(opcode: opcode, replacement: .tuple, needsMark: true)
    }
}
