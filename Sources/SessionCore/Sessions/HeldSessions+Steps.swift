internal import OrderedCollections

extension HeldSessions {
    /// Stages the deletion of a session's records.
    mutating func destroy(_ number: Int, isInvalidation: Bool) {
        for part in self[number].parts { work.destroy(part.record) }
        setInvalidated(number, isInvalidation)
        noteChange(number)
    }

    /// Drops what is staged in a session.
    mutating func revert(_ number: Int) {
        for part in self[number].parts { work.dropEdit(of: part.record) }
        setInvalidated(number, false)
        noteChange(number)
    }

    /// The records of a session that have something staged.
    func dirtyRecords(_ number: Int) -> [RecordID] {
        self[number].parts.map(\.record).filter(work.isDirty)
    }

    /// Takes in what the store holds after a session was stored by itself: what was `staged` then is stored now, and what
    /// was changed meanwhile stays staged.
    mutating func stored(
        _ outcomes: [RecordKey: RecordOutcome], of number: Int, staged: [RecordID: RecordEdit]
    ) {
        let session = self[number]
        for part in session.parts {
            guard case .written(let record) = outcomes[part.record.key] else { continue }
            let edit = work.edit(of: part.record)
            let content = edit == staged[part.record] ? nil : work.node(of: part.record)?.value
            work.dropEdit(of: part.record)
            work.load(session.container.loaded(part, stored: record))
            if edit.isDestroyed, content != nil {
                work.destroy(part.record)
            } else if let content {
                work.set(content, at: [], of: part.record)
            }
            settle(part.record)
        }
        noteChange(number)
    }

    /// Copies the content of one session into another, package by package; what the other has under other names stays.
    mutating func copyContent(of source: Int, to target: Int) throws(SessionError) {
        var staged: [(value: SessionValue, path: ValuePath, record: RecordID)] = []
        for part in self[source].parts {
            guard let content = work.node(of: part.record)?.value, let map = content.map else {
                throw .refused(.root, "it cannot be read, so it cannot be moved")
            }
            guard !map.isEmpty else { continue }
            guard let goal = self[target].parts.first(where: { $0.package == part.package }) else {
                throw .packageNotLoaded(part.package ?? "")
            }
            let places: [(SessionValue, ValuePath)] =
                part.package == nil ? map.map { ($0.value, [.key($0.key)]) } : [(content, [])]
            // An empty package of our own is no package, so there is nothing to move.
            let isOfPackages =
                map.values.allSatisfy { $0.kind == .map }
                && work.records[goal.record].map { $0.holdsPackages && $0.deletesWhenEmpty } ?? false
            for (value, path) in places where !(isOfPackages && value == .emptyMap) {
                if let reason = work.refusal(of: value, at: path, of: goal.record) {
                    throw .refused(JSONPointer(tokens: path.map(\.token)), reason)
                }
                staged.append((value, path, goal.record))
            }
        }
        for (value, path, record) in staged { work.set(value, at: path, of: record) }
        noteChange(target)
    }
}
