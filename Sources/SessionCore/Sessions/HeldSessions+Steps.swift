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

    /// Takes in what the store holds after a session was stored by itself; what was staged is stored now.
    mutating func stored(_ outcomes: [RecordKey: RecordOutcome], _ number: Int) {
        let session = self[number]
        for part in session.parts {
            guard case .written(let record) = outcomes[part.record.key] else { continue }
            work.dropEdit(of: part.record)
            work.load(session.container.loaded(part, stored: record))
            settle(part.record)
        }
        noteChange(number)
    }

    /// Copies the content of one session into another, package by package; what the other has under other names stays.
    mutating func copyContent(of source: Int, to target: Int) throws(SessionError) {
        for part in self[source].parts {
            guard let content = work.node(of: part.record)?.value, case .map(let map) = content else { continue }
            guard let goal = self[target].parts.first(where: { $0.package == part.package }) else {
                throw .packageNotLoaded(part.package ?? "")
            }
            for (key, value) in map {
                let path: ValuePath = part.package == nil ? [.key(key)] : []
                let staged = part.package == nil ? value : content
                if let reason = work.refusal(of: staged, at: path, of: goal.record) {
                    throw .refused(JSONPointer(tokens: path.map(\.token)), reason)
                }
                work.set(staged, at: path, of: goal.record)
                if part.package != nil { break }
            }
        }
        noteChange(target)
    }
}
