internal import OrderedCollections
internal import SessionCore

/// Edits a pickle, and proves that it then holds the edited tree.
enum PickleSplicer {
    /// The payload with an edit made, every other byte copied.
    static func splice(
        _ edit: Edit, into program: PickleProgram, tree: SessionValue
    ) throws(FormatError) -> [UInt8] {
        if let reason = program.irregularity { throw FormatError(format: "pickle", problem: reason) }
        let patches = try PickleEdits.patches(of: edit, in: program, tree: tree)
        let (spliced, numbers) = try PickleAssembler.assemble(patches, in: program)
        let expected = edit.value(over: tree)
        let found = try PickleTree.tree(of: PickleParser.parse(spliced))
        guard found == expected || found == expected.renumbered(numbers) else {
            throw FormatError(
                format: "pickle", problem: "a value that stands elsewhere too would change there; it is kept as it is")
        }
        return spliced
    }
}

extension SessionValue {
    /// The value with its references under new numbers.
    fileprivate func renumbered(_ numbers: [Int]) -> SessionValue {
        switch self {
        case .reference(let number):
            .reference(numbers.indices.contains(number) ? max(0, numbers[number]) : number)
        case .list(let values): .list(values.map { $0.renumbered(numbers) })
        case .tuple(let values): .tuple(values.map { $0.renumbered(numbers) })
        case .set(let values): .set(values.map { $0.renumbered(numbers) })
        case .map(let map):
            .map(
                SessionMap(
                    map.map { ($0.key.renumbered(numbers), $0.value.renumbered(numbers)) },
                    uniquingKeysWith: { $1 }))
        case .object(let name, let state): .object(className: name, state: state.renumbered(numbers))
        default: self
        }
    }
}
