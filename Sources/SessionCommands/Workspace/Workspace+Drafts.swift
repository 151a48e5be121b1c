internal import OrderedCollections
internal import SessionCore

/// What a journal does for a workspace.
struct DraftKeeping: Hashable, Sendable {
    /// Whether what is staged is kept at all.
    var isOn = false
    /// What was given to the journal last.
    var kept: WorkspaceDraft?
    /// Whether the journal has not answered yet.
    var isPending = false
    /// Why the journal could not keep it; nil if it could.
    var trouble: String?
}

extension Workspace {
    /// Whether what is staged is kept in a journal, step by step.
    public var keepsDrafts: Bool {
        get { keeping.isOn }
        set { keeping.isOn = newValue }
    }

    /// Whether the newest step is not on disk yet.
    public var isDraftPending: Bool { keeping.isPending }

    /// Why what is staged is not kept; nil if it is.
    public var journalTrouble: String? { keeping.trouble }

    /// Gives the journal what is staged if it is something else than it has; one request at a time.
    mutating func keepDraft() -> [StoreEffect] {
        guard keeping.isOn, !keeping.isPending else { return [] }
        let draft = WorkspaceDraft(of: self)
        guard draft != keeping.kept else { return [] }
        keeping.kept = draft
        keeping.isPending = true
        return [request(.journal(.keep(draft, at: moment)), .draft)]
    }

    /// The journal has answered; a failure is told once, and the draft is tried again with the next step.
    mutating func draftKept(_ failure: CommandFailure?) throws(CommandFailure) -> Reply {
        keeping.isPending = false
        defer { keeping.trouble = failure?.message }
        guard let failure, failure.message != keeping.trouble else { return Reply() }
        throw failure
    }

    /// Asks the journal for what other programs left behind; the console does so when its first store is attached.
    public mutating func findUnfinished() -> Reply {
        guard keeping.isOn else { return Reply() }
        return Reply(effects: [request(.journal(.drafts), .drafts(.offer))])
    }

    mutating func drafts(_ purpose: DraftPurpose) -> Reply {
        Reply(effects: [request(.journal(.drafts), .drafts(purpose))])
    }

    mutating func drafts(_ drafts: [JournalDraft], _ purpose: DraftPurpose) throws(CommandFailure) -> Reply {
        let lines = drafts.map { "draft \($0.number) of \(Quantities.moment($0.moment)): \($0.title)" }
        switch purpose {
        case .offer:
            guard let newest = newest(of: drafts) else { return Reply() }
            let hint = "recover \(newest.number) takes up the newest that can be; forget N drops one"
            return Reply(lines: lines + [hint])
        case .list: return Reply(lines: lines.isEmpty ? ["no drafts"] : lines)
        case .recover(let number, let now):
            let chosen = number.map { number in drafts.first { $0.number == number } } ?? newest(of: drafts)
            guard let draft = chosen else {
                throw CommandFailure(
                    .notFound,
                    lines.isEmpty
                        ? "there is no draft to recover" : "no draft \(number ?? 0); \(lines.joined(separator: "; "))")
            }
            return try recover(draft, now: now)
        }
    }

    /// The newest draft whose stores are all attached; the newest of all if there is none.
    private func newest(of drafts: [JournalDraft]) -> JournalDraft? {
        let addresses = Set(stores.values.map(\.address))
        return drafts.first { addresses.isSuperset(of: $0.stores) } ?? drafts.first
    }

    mutating func forget(_ number: Int64) -> Reply {
        Reply(effects: [request(.journal(.forget(number)), .forgetDraft(number))])
    }

    /// Takes up what was staged, over what was loaded then, and asks the stores whether that is still so.
    private mutating func recover(_ kept: JournalDraft, now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        guard work.isClean, work.savepoints.isEmpty else {
            throw CommandFailure(.refused, "something is staged; commit or abort it before a draft is taken up")
        }
        var draft = try WorkspaceDraft(kept)
        var names: [String: String] = [:]
        for (name, address) in draft.stores {
            guard let store = store(at: address) else {
                throw CommandFailure(
                    .notFound,
                    "draft \(kept.number) is of \(address), which is not attached; attach \(address), then recover \(kept.number)"
                )
            }
            names[name] = store.name
        }
        draft.staged.renameStores(names)
        var opened: [SessionID] = []
        for session in draft.sessions {
            opened.append(try reopen(session, store: names[session.store] ?? session.store, now: now))
        }
        let (owners, before) = (owners, self)
        work.take(draft.staged) { base in
            guard let session = owners[base.id] else { return nil }
            guard let template = base.template, base.stored == nil else {
                return before.version(of: base.stored?.readElsewhere, as: base.id, of: session)
            }
            return before.version(of: template.readElsewhere, as: base.id, of: session).map {
                LoadedRecord(remaking: $0, needsLifetime: base.needsLifetime)
            }
        }
        isDoomed = draft.isDoomed
        currentSession = draft.current.flatMap { opened.indices.contains($0) ? opened[$0] : nil } ?? opened.first
        // From now on the draft is this program's, also where a script keeps none of its own.
        keeping.isOn = true
        keeping.kept = nil
        keeping.isPending = true
        var effects = [request(.journal(.adopt(kept.number)), .draft)]
        let ids = sessions.values.flatMap { $0.parts.map(\.record) }
        effects.append(request(.load(ids), .recovered(now)))
        return Reply(
            lines: ["recovered draft \(kept.number) of \(Quantities.moment(kept.moment)): \(kept.title)"],
            effects: effects)
    }

    /// The session of each record that is open.
    private var owners: [RecordID: SessionID] {
        var owners: [RecordID: SessionID] = [:]
        for open in sessions.values { for part in open.parts { owners[part.record] = open.session } }
        return owners
    }

    private mutating func reopen(
        _ session: WorkspaceDraft.OpenedSession, store: String, now: Timestamp
    ) throws(CommandFailure) -> SessionID {
        let container = ContainerID(store: store, profile: session.profile, name: session.container)
        let profile = try requireProfile(of: container)
        let id = SessionID(container: container, id: session.id)
        var open = OpenSession(session: id, layout: profile.layout, parts: [], lastAccess: now)
        open.isUnnamed = session.isUnnamed
        open.parts = session.parts.map {
            OpenSession.Part(package: $0.package, record: RecordID(store: store, key: $0.key))
        }
        let known = sessions[id]?.parts ?? []
        open.parts = known + open.parts.filter { !known.contains($0) }
        sessions[id] = open
        return id
    }

    /// Takes what the stores hold of the sessions of a draft: what was not edited as it is, what was as a merge does.
    mutating func recovered(_ records: [RecordID: StoredRecord], now: Timestamp) throws(CommandFailure) -> Reply {
        for (session, open) in sessions {
            for part in open.parts where work.records[part.record] == nil {
                take(records[part.record], as: part.record, of: session)
            }
        }
        var reply = try merged(records, nil, now: now)
        let staged = Quantities.count(work.changeCount, "change")
        reply.lines.insert("the draft is taken up, \(staged) staged", at: 0)
        if reply.lines.count == 2 { reply.lines = [reply.lines.joined(separator: "; ")] }
        return reply
    }
}

/// What drafts are listed for.
enum DraftPurpose: Hashable, Sendable {
    /// To offer them when the program starts.
    case offer
    /// To show them.
    case list
    /// To take one up; the newest if it has no number.
    case recover(Int64?, Timestamp)
}
