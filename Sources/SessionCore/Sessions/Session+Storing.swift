extension Session {
    /// Writes what is staged in this session now, without waiting for the commit, and without the rest of the transaction.
    ///
    /// What is stored stands: no rollback or abort takes it back; they return to it. Nothing happens if nothing is staged. Round trips as
    /// for a commit of the session alone.
    ///
    /// - Throws: `transaction` with a conflict if the session changed since it was loaded, or with what the store said;
    ///   what is staged is kept. `doomed` if the transaction may not write.
    public func store() async throws(SessionError) {
        if transaction.isDoomed { throw .transaction(.doomed) }
        let limit = try read { held throws(SessionError) in
            held[number].container.limit.map { SessionLimit(keys: held[number].container.keys, maximum: $0) }
        }
        let (plan, events, staged) = try edit { held throws(SessionError) in
            do throws(PlanError) {
                let plan = try held.work.plan(of: held.dirtyRecords(number))
                return (plan, held.events(of: plan), held.work.edits)
            } catch {
                throw .refused(.root, held.work.explaining(error).description)
            }
        }
        guard !plan.isEmpty else { return }
        let writer = StoreParticipant(
            name: manager.name, store: manager.store, writes: plan.writes(to: manager.name),
            limits: limit.map { [$0] } ?? [])
        do throws(ParticipantError) { try await writer.vote() } catch {
            let failure = TransactionError.participant(plan.explaining(error))
            if error.mayHaveWritten { transaction.withState { $0.fail(failure) } }
            throw .transaction(failure)
        }
        let outcomes = await writer.report?.outcomes ?? [:]
        manager.withHeld { held in
            // The transaction may have ended meanwhile; what is stored stands all the same.
            if held.ended == nil { held.stored(outcomes, of: number, staged: staged) }
        }
        for (event, observers) in events { observers.publish(event) }
    }

    /// Moves everything to another id and stages the end of this session; both happen in one commit.
    ///
    /// For a login: what an anonymous client had goes to the known session of the user. Packages come over whole and take the place of
    /// those of the same name; others that the target has stay. Where each has a record of its own, only those that were named on
    /// opening are moved and ended: name all that there are. One round trip, to look up the target.
    ///
    /// - Returns: The session of the other id.
    public func move(to id: String) async throws(SessionError) -> Session {
        let (container, packages) = try read { held throws(SessionError) in
            (held[number].container, held[number].parts.compactMap(\.package))
        }
        let target = try await transaction.open(id, in: container, packages: packages)
        try take(to: target)
        return target
    }

    /// Gives the session a new id, so that the old one is worth nothing any more, as at a login; its content stays, and its life begins anew.
    ///
    /// Where each package has a record of its own, only those that were named on opening come along: name all that there
    /// are. No round trip; old and new id change in one commit.
    ///
    /// - Returns: The session under its new id.
    public func regenerateID() throws(SessionError) -> Session {
        let (container, packages) = try read { held throws(SessionError) in
            (held[number].container, held[number].parts.compactMap(\.package))
        }
        let target = try transaction.create(in: container)
        try target.edit { held throws(SessionError) in
            for package in packages { try held.addFreshPackage(package, to: target.number) }
        }
        try take(to: target)
        return target
    }

    private func take(to target: Session) throws(SessionError) {
        guard target != self else { return }
        try edit { held throws(SessionError) in
            try held.copyContent(of: number, to: target.number)
            held.destroy(number, isInvalidation: false)
        }
    }
}
