internal import OrderedCollections

extension Plan {
    /// What a store said of the plan's writes; of a record that is too large also the place and size of its largest change.
    func explaining(_ error: ParticipantError) -> ParticipantError {
        guard case .store(var problem) = error.kind, problem.code == .tooLarge, let largestChange else { return error }
        problem.detail = "\(largestChange) is the largest change. \(problem.detail)"
        return ParticipantError(participant: error.participant, kind: .store(problem))
    }

    /// The place and size of the value with most text in the largest record.
    private var largestChange: String? {
        let largest = steps.max { $0.bytesAfter ?? 0 < $1.bytesAfter ?? 0 }
        return largest?.changes.flatMap(\.leaves).map { ($0.pointer, Notation.text(of: $0.value).utf8.count) }
            .max { $0.1 < $1.1 }.map { "\($0.0), \($0.1) bytes as text," }
    }
}

extension UnitOfWork {
    /// Why a record cannot be written, with the first places at which it differs from what was loaded.
    func explaining(_ error: PlanError) -> PlanError {
        PlanError(id: error.id, problem: "\(error.problem), changed at \(placesChanged(in: error.id))")
    }

    private func placesChanged(in id: RecordID) -> String {
        let changes = ValueChange.changes(of: edit(of: id).tree, base: records[id]?.tree)
        let places = changes.flatMap { $0.after == nil ? [$0.pointer] : $0.leaves.map(\.pointer) }
        let first = places.prefix(3).map(\.description).joined(separator: ", ")
        return places.count > 3 ? "\(first) and \(places.count - 3) more places" : first
    }
}

extension ValueChange {
    /// The values that are set by the change, those inside a map one by one.
    fileprivate var leaves: [(pointer: JSONPointer, value: SessionValue)] {
        guard let map = after?.map, !map.isEmpty else { return after.map { [(pointer, $0)] } ?? [] }
        return map.flatMap { ValueChange(path: path + [.key($0.key)], before: nil, after: $0.value).leaves }
    }
}
