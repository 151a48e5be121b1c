internal import OrderedCollections

/// A session inside an `update`: what is staged, to be read and changed; nothing is kept if the update throws.
///
/// What cannot be done is remembered and thrown by `update` when its closure returns.
public struct SessionDraft: Sendable {
    var held: HeldSessions
    let number: Int
    /// The first thing that could not be done.
    var failure: SessionError?

    init(_ held: HeldSessions, number: Int) {
        self.held = held
        self.number = number
    }

    /// A package of the session, to be read and changed; an empty one if there is none of that name.
    public subscript(package: String) -> PackageDraft {
        get { PackageDraft(session: self, package: package) }
        _modify {
            // Lent out whole, so that a change is made in place.
            var draft = PackageDraft(session: self, package: package)
            held = HeldSessions()
            // Also when what is done to it throws: nothing behind a `yield` would run then.
            defer { self = draft.session }
            yield &draft
        }
    }

    /// The one package of a flat session, which has no name.
    public var unnamed: PackageDraft {
        get { PackageDraft(session: self, package: nil) }
        _modify {
            var draft = PackageDraft(session: self, package: nil)
            held = HeldSessions()
            defer { self = draft.session }
            yield &draft
        }
    }

    /// Removes a package with everything in it; nothing happens if there is none of that name.
    public mutating func remove(package: String) {
        let number = number
        guard !held.isUnmade(package, in: number) else { return }
        guard let place = attempt({ held throws(SessionError) in try held.place(ofPackage: package, in: number) }),
            held.work.node(of: place.record)?.node(at: place.path) != nil
        else { return }
        if place.path.isEmpty {
            stage(.emptyMap, at: [], of: place.record, pointer: .root)
        } else {
            stage(nil, at: place.path, of: place.record, pointer: .root)
        }
    }

    /// Removes everything from the session.
    ///
    /// An emptied session of our own containers is deleted at commit, a foreign one is written empty.
    public mutating func clear() {
        for part in held[number].parts { stage(.emptyMap, at: [], of: part.record, pointer: .root) }
    }

    /// The value at a pointer; nil if there is none.
    public subscript(pointer pointer: JSONPointer) -> SessionValue? { try? held.node(at: pointer, in: number).value }

    /// Sets a value; makes the last token, and a missing package.
    public mutating func set(_ value: SessionValue, at pointer: JSONPointer) throws(SessionError) {
        let goal = try held.settable(value, at: pointer, in: number)
        let isNothing = held.isNoPackage(goal.value, at: goal.path, of: goal.record)
        let value = isNothing ? nil : goal.value
        try refusing { $0.stage(value, at: goal.path, of: goal.record, pointer: pointer) }
    }

    /// Removes the value at a pointer.
    ///
    /// - Throws: `place` with `noKey` if there is none.
    public mutating func remove(at pointer: JSONPointer) throws(SessionError) {
        let (record, path) = try held.path(to: pointer, in: number)
        guard path.last != .state else { throw .refused(pointer, "an object keeps its state; set it instead") }
        try refusing { $0.stage(path.isEmpty ? .emptyMap : nil, at: path, of: record, pointer: pointer) }
        held.prunePackage(along: path, of: record)
    }

    /// Throws what could not be done instead of remembering it: who catches it has dealt with it.
    private mutating func refusing(_ body: (inout SessionDraft) -> Void) throws(SessionError) {
        if let failure { throw failure }
        body(&self)
        guard let refusal = failure else { return }
        failure = nil
        throw refusal
    }

    /// Stages a change, unless it is refused.
    mutating func stage(_ value: SessionValue?, at path: ValuePath, of record: RecordID, pointer: JSONPointer) {
        guard failure == nil else { return }
        let reason =
            path.isEmpty && value.map { $0.kind != .map } ?? false
            ? "a session is a map of keys; name the key" : held.work.refusal(of: value, at: path, of: record)
        if let reason {
            failure = .refused(pointer, reason)
        } else {
            held.work.set(value, at: path, of: record)
        }
    }

    mutating func attempt<Result>(
        _ body: (inout HeldSessions) throws(SessionError) -> Result
    ) -> Result? {
        do throws(SessionError) { return try body(&held) } catch {
            failure = failure ?? error
            return nil
        }
    }
}
