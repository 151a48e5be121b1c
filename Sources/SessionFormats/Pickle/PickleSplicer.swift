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
        guard
            found == expected
                || found == expected.renumbered({ numbers.indices.contains($0) ? max(0, numbers[$0]) : $0 })
        else {
            throw FormatError(
                format: "pickle", problem: "a value that stands elsewhere too would change there; it is kept as it is")
        }
        return spliced
    }
}
