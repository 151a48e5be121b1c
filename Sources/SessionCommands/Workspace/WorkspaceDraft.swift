internal import OrderedCollections
internal import SessionCore

/// What is open and staged in a workspace, in a form that a journal keeps.
public struct WorkspaceDraft: Codable, Hashable, Sendable {
    struct OpenedSession: Codable, Hashable, Sendable {
        struct Part: Codable, Hashable, Sendable {
            var package: String?
            var key: RecordKey
        }

        var store: String
        var profile: String
        var container: [UInt8]
        var id: [UInt8]
        var isUnnamed: Bool
        var parts: [Part]
    }

    /// The addresses of the stores by the names they were attached under.
    var stores: [String: String]
    /// The open sessions that something is staged in.
    var sessions: [OpenedSession]
    /// The position of the session in use.
    var current: Int?
    var isDoomed: Bool
    var staged: StagedDraft

    /// The draft of a workspace; nil if nothing is staged in it.
    init?(of workspace: Workspace) {
        staged = StagedDraft(of: workspace.work)
        guard !staged.isEmpty || workspace.isDoomed else { return nil }
        let records = Set(staged.bases.map(\.id))
        // A draft is values, which the journal is not to keep of every store.
        guard records.allSatisfy({ workspace.stores[$0.store]?.mark?.journal ?? .values == .values }) else {
            return nil
        }
        let open = workspace.sessions.values.filter { $0.parts.contains { records.contains($0.record) } }
        current = open.firstIndex { $0.session == workspace.currentSession }
        sessions = open.map { open in
            let container = open.session.container
            return OpenedSession(
                store: container.store, profile: container.profile, container: container.name, id: open.session.id,
                isUnnamed: open.isUnnamed,
                parts: open.parts.map { OpenedSession.Part(package: $0.package, key: $0.record.key) })
        }
        stores = [:]
        for session in sessions { stores[session.store] = workspace.stores[session.store]?.address }
        isDoomed = workspace.isDoomed
    }

    /// What it is, for a list.
    var title: String {
        let names = sessions.prefix(3).map { PrintableText.escaping($0.id) }.joined(separator: ", ")
        let more = sessions.count > 3 ? " and \(sessions.count - 3) more" : ""
        let savepoints =
            staged.savepointCount == 0 ? "" : ", \(Quantities.count(staged.savepointCount, "savepoint"))"
        return "\(Quantities.count(staged.changeCount, "change"))\(savepoints) in \(names)\(more), "
            + stores.values.sorted().joined(separator: ", ")
    }

    /// The draft as a journal keeps it.
    func journaled(at moment: Timestamp) throws(JournalError) -> JournalDraft {
        do throws(ValueCodingError) {
            let text = Notation.text(of: try ValueCoding.value(encoding: self))
            return JournalDraft(
                moment: moment, title: title, stores: stores.values.sorted(), content: Array(text.utf8))
        } catch { throw JournalError("what is staged cannot be put into the journal: \(error)") }
    }

    /// The draft that a journal kept.
    init(_ kept: JournalDraft) throws(CommandFailure) {
        do {
            self = try ValueCoding.decode(WorkspaceDraft.self, from: Notation.value(parsing: kept.content))
        } catch {
            throw CommandFailure(.undecodable, "draft \(kept.number) cannot be read: \(error)")
        }
    }
}
