internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// How a container is used.
    public func settings(of container: ContainerID) -> ContainerSettings { settings[container] ?? ContainerSettings() }

    /// Takes in what `use` says of a container, or refuses it.
    mutating func apply(_ options: ContainerOptions, to container: ContainerID) throws(CommandFailure) {
        guard let store = stores[container.store] else { return }
        var settings = settings(of: container)
        settings.apply(options)
        if settings.limit != nil { try requireCounting(store, "a maximum number of sessions") }
        if settings.role == .application, !store.allowsWriter {
            throw CommandFailure(
                .refused,
                "role=application works on demo:, memory: and in check, never on \(store.address): the console changes nothing by looking"
            )
        }
        self.settings[container] = settings
        for session in sessions.values where session.session.container == container {
            for part in session.parts { work.setContainerLifetime(settings.lifetime, of: part.record) }
        }
    }

    private func requireCounting(_ store: AttachedStore, _ what: String) throws(CommandFailure) {
        guard store.capabilities.contains(.counting) else {
            throw CommandFailure(
                .refused, "\(what) needs a store that can count its sessions, and \(store.address) cannot")
        }
    }

    mutating func sweep() throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard let container = currentContainer else {
            throw CommandFailure(.usage, "no container is in use; use NAME chooses one")
        }
        try requireCounting(store, "sweeping")
        guard !store.isReadOnly else {
            throw CommandFailure(.refused, "\(store.address) is open read-only; nothing was removed")
        }
        return Reply(effects: [request(.sweep(container, confirmed: confirmedNames), .sweep)])
    }

    func swept(_ ids: [String]) -> Reply {
        Reply(lines: ids.isEmpty ? ["nothing has expired"] : ids.map { "expired \($0)" })
    }

    mutating func advanceClock(_ step: Int64) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard store.allowsWriter else {
            throw CommandFailure(.refused, "clock works on demo:, memory: and in check, never on \(store.address)")
        }
        return Reply(effects: [request(.advanceClock(step), .clock(step))])
    }

    /// The maximum numbers of the containers that a plan writes to.
    func limits(of plan: Plan) -> [ContainerID: Int] {
        var limits: [ContainerID: Int] = [:]
        for container in Set(sessions.keys.map(\.container)) where plan.stores.contains(container.store) {
            limits[container] = settings(of: container).limit
        }
        return limits
    }
}

extension Workspace {
    /// Notes that the session in use was used.
    mutating func noteAccess(at now: Timestamp) {
        guard let id = currentSession else { return }
        // A clock that was set back must not make a session look unused.
        let last = sessions[id]?.lastAccess ?? now
        sessions[id]?.lastAccess = max(last, now)
        accessed.insert(id)
    }

    /// Whether an application would find an open session timed out.
    func isTimedOut(_ session: OpenSession, at now: Timestamp) -> Bool {
        let settings = settings(of: session.session.container)
        guard settings.role == .application, let timing = settings.timing, let last = session.lastAccess else {
            return false
        }
        return timing.isTimedOut(lastAccess: last, at: now)
    }

    /// Drops what is held of a session that timed out; undo brings it back.
    mutating func dropTimedOut(_ session: OpenSession) {
        remember(undoStep("the timeout of \(session.session.title)"))
        for part in session.parts {
            work.forget(part.record)
            conflicts[part.record] = nil
        }
        sessions[session.session] = nil
    }

    /// The lives that a commit of a plan refreshes: of sessions used in this transaction, in containers that are
    /// opened as an application opens them, and not written by the plan.
    func livesToRefresh(beside plan: Plan, now: Timestamp) -> [RecordID: Lifetime] {
        let written = Set(plan.steps.map(\.id))
        var lives: [RecordID: Lifetime] = [:]
        for id in accessed {
            let settings = settings(of: id.container)
            guard settings.role == .application, let timing = settings.timing, let session = sessions[id] else {
                continue
            }
            for part in session.parts where !written.contains(part.record) {
                guard let stored = work.records[part.record]?.stored, timing.needsRefresh(stored.expiry, at: now)
                else { continue }
                lives[part.record] = timing.lifetime
            }
        }
        return lives
    }
}
