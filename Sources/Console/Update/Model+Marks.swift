internal import OrderedCollections
internal import SessionCommands

extension Model {
    /// Marks the selected session, or takes its mark away, and goes on to the next line.
    mutating func mark() -> [Effect] {
        // The tour goes on with the same key wherever the focus is.
        guard tour == nil else { return act(.nextTourStep) }
        guard let session = selectedSession?.session else {
            notice = Notice(weight: .warning, text: "no session is selected")
            return []
        }
        if let position = sessionList.marked.firstIndex(of: session) {
            sessionList.marked.remove(at: position)
        } else {
            sessionList.marked.append(session)
        }
        return act(.down)
    }

    /// Marks all sessions from the one marked last to the selected one.
    mutating func markRange() {
        let here = sessionList.cursor.selected
        guard selectedSession != nil else {
            notice = Notice(weight: .warning, text: "no session is selected")
            return
        }
        let anchor = sessionList.marked.last.flatMap { last in
            (0..<min(sessionCount, SessionList.sortLimit)).first { sessionLine(at: $0)?.session == last }
        }
        for position in min(anchor ?? here, here)...max(anchor ?? here, here) {
            guard let session = sessionLine(at: position)?.session, !sessionList.marked.contains(session) else {
                continue
            }
            guard sessionList.marked.count < Self.markLimit else {
                notice = Notice(weight: .warning, text: "\(Self.markLimit) sessions are marked; no more at once")
                return
            }
            sessionList.marked.append(session)
        }
    }

    /// How many sessions can be opened at once: each is loaded whole.
    static let markLimit = 1000

    /// Opens all marked sessions in the transaction, one round trip for each store, and lists what is open.
    mutating func openMarked() -> [Effect] {
        let marked = sessionList.marked
        let title = "open \(Quantities.count(marked.count, "session"))"
        sessionList.marked = []
        note(title)
        do throws(CommandFailure) {
            let reply = try workspace.open(marked, now: now)
            lastOpened = marked.first
            let effects = take(reply, title: title, isQuiet: false)
            return effects + (effects.isEmpty ? showOpen() : [])
        } catch {
            fail(error)
            return []
        }
    }
}
