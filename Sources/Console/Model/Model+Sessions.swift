internal import OrderedCollections
public import SessionCommands
public import SessionCore

/// One line of the sessions pane.
public struct SessionLine: Hashable, Sendable {
    /// Which session.
    public var session: SessionID
    /// Bytes in the store; nil if it is not stored.
    public var size: UInt32?
    /// When it ends; nil if it is not stored.
    public var expiry: Expiry?
}

extension Model {
    /// The keys of the store in use.
    var index: KeyIndex { workspace.store?.index ?? KeyIndex() }

    /// How many sessions the pane lists.
    public var sessionCount: Int {
        sessionList.showsOpen ? openSessions.count : visibleExtras.count + indexedCount
    }

    /// The sessions that the transaction holds and the filter lets pass, in the order they were opened.
    private var openSessions: [SessionID] {
        guard !sessionList.filter.isEmpty else { return Array(workspace.sessions.keys) }
        let needle = Array(sessionList.filter.utf8)
        return workspace.sessions.keys.filter { session in
            KeyIndex.contains(Array("\(session.container.title) \(session.title)".utf8)[...], needle)
        }
    }

    /// How many sessions there are without the filter.
    var unfilteredCount: Int {
        if sessionList.showsOpen { return workspace.sessions.count }
        guard let container = sessionList.container else { return index.keyCount }
        return index.containers[container]?.rows.count ?? 0
    }

    private var indexedCount: Int { sessionList.rows?.count ?? unfilteredCount }

    private var visibleExtras: [SessionID] {
        let needle = Array(sessionList.filter.utf8)
        return sessionList.extras.filter { session in
            (sessionList.container == nil || session.container == sessionList.container)
                && KeyIndex.contains(session.id[...], needle)
        }
    }

    /// The line at a position from 0; nil behind the last.
    public func sessionLine(at position: Int) -> SessionLine? {
        if sessionList.showsOpen {
            let open = openSessions
            return open.indices.contains(position) ? openLine(open[position]) : nil
        }
        let extras = visibleExtras
        if extras.indices.contains(position) { return openLine(extras[position]) }
        let position = position - extras.count
        guard position >= 0, position < indexedCount else { return nil }
        let number: Int32
        if let rows = sessionList.rows {
            number = rows[position]
        } else if let container = sessionList.container {
            number = index.containers[container]?.rows[position] ?? 0
        } else {
            number = Int32(position)
        }
        guard let container = index.container(of: number) else { return nil }
        let row = index.row(number, of: container)
        return SessionLine(session: row.session, size: row.size, expiry: row.expiry)
    }

    /// The listed sessions that are on screen.
    var shownRows: [KeyIndex.Row] {
        let height = ScreenLayout(model: self).listHeight(.sessions)
        let first = sessionList.cursor.firstLine(height: height, of: sessionCount)
        return (first..<max(first, min(first + height, sessionCount))).compactMap { position in
            guard let line = sessionLine(at: position), let size = line.size, let expiry = line.expiry else {
                return nil
            }
            return KeyIndex.Row(session: line.session, size: size, expiry: expiry)
        }
    }

    /// The line of a session that is open, from what was loaded of it.
    private func openLine(_ session: SessionID) -> SessionLine {
        let stored = workspace.sessions[session]?.parts.compactMap { workspace.work.records[$0.record]?.stored } ?? []
        return SessionLine(
            session: session,
            size: stored.isEmpty ? nil : UInt32(clamping: stored.reduce(0) { $0 + $1.payload.count }),
            expiry: stored.first?.expiry)
    }

    /// The selected line.
    public var selectedSession: SessionLine? { sessionLine(at: sessionList.cursor.selected) }

    /// Starts the list anew after its container, filter or index changed.
    mutating func relist() -> [Effect] {
        let tabs = index.containers.keys + workspace.madeContainers.filter { $0.store == workspace.currentStore }
        if tabs.count != sessionList.tabs.count { sessionList.tabs = tabs.sorted { $0.title < $1.title } }
        sessionList.rows = nil
        sessionList.isSorted = false
        guard !sessionList.showsOpen else {
            sessionList.cursor.select(sessionList.cursor.selected, of: sessionCount)
            return []
        }
        sessionList.filtered = 0
        let isComplete = workspace.store?.scan == .complete
        if isComplete { sessionList.extras = sessionList.extras.filter { !isIndexed($0) } }
        if isComplete, unfilteredCount <= SessionList.sortLimit {
            sessionList.rows = sessionList.container.map(index.sortedRows) ?? sessionList.tabs.flatMap(index.sortedRows)
            sessionList.isSorted = true
        }
        guard !sessionList.filter.isEmpty else {
            sessionList.cursor.select(sessionList.cursor.selected, of: sessionCount)
            return []
        }
        let candidates = sessionList.rows
        sessionList.rows = []
        if let candidates {
            sessionList.rows = index.rows(
                candidates[...], containing: Array(sessionList.filter.utf8), inWholeKey: sessionList.container == nil)
            sessionList.filtered = unfilteredCount
            sessionList.cursor.select(sessionList.cursor.selected, of: sessionCount)
            return []
        }
        return filterMore()
    }

    /// Filters the next part of a long list.
    mutating func filterMore() -> [Effect] {
        guard !sessionList.filter.isEmpty, !sessionList.isSorted, !sessionList.showsOpen else { return [] }
        let end = min(unfilteredCount, sessionList.filtered + SessionList.filterStep)
        let range = sessionList.filtered..<max(end, sessionList.filtered)
        let needle = Array(sessionList.filter.utf8)
        let found: [Int32]
        if let container = sessionList.container {
            found = index.rows(index.containers[container]?.rows[range] ?? [], containing: needle)
        } else {
            found = index.rows(range.map { Int32($0) }[...], containing: needle, inWholeKey: true)
        }
        sessionList.rows?.append(contentsOf: found)
        sessionList.filtered = end
        sessionList.cursor.select(sessionList.cursor.selected, of: sessionCount)
        return end < unfilteredCount ? [.filterMore] : []
    }

    func isIndexed(_ session: SessionID) -> Bool {
        let index = index
        return index.containers[session.container]?.rows.contains { index.sessionBytes($0).elementsEqual(session.id) }
            ?? false
    }

    /// Shows the next or previous container; all of them stand before the first, then the open sessions if there are any.
    mutating func changeTab(by step: Int) -> [Effect] {
        let open = workspace.sessions.isEmpty ? 0 : 1
        let count = 1 + open + sessionList.tabs.count
        let present =
            sessionList.showsOpen
            ? open : sessionList.container.flatMap { sessionList.tabs.firstIndex(of: $0) }.map { $0 + 1 + open } ?? 0
        let next = (present + step + count) % count
        sessionList.showsOpen = open == 1 && next == 1
        sessionList.container = next > open ? sessionList.tabs[next - 1 - open] : nil
        sessionList.cursor = ListCursor()
        return relist()
    }

    /// Lists the sessions of the transaction.
    mutating func showOpen() -> [Effect] {
        sessionList.showsOpen = true
        sessionList.container = nil
        sessionList.filter = ""
        sessionList.cursor = ListCursor()
        return relist()
    }

    /// Filters the sessions, and keeps the selected one selected if it is still listed.
    mutating func filterSessions(_ text: String) -> [Effect] {
        let selected = selectedSession?.session ?? workspace.currentSession
        sessionList.filter = text
        let effects = relist()
        if let selected { select(selected) }
        return effects
    }

    /// Shows the sessions of a container.
    mutating func show(_ container: ContainerID) -> [Effect] {
        guard sessionList.container != container || sessionList.showsOpen else { return [] }
        sessionList.showsOpen = false
        sessionList.container = container
        sessionList.cursor = ListCursor()
        sessionList.filter = ""
        return relist()
    }

    /// Puts the selection on a session, if a short list has it; a long one is not searched.
    mutating func select(_ session: SessionID) {
        guard selectedSession?.session != session, sessionCount <= SessionList.sortLimit,
            let position = (0..<sessionCount).first(where: { sessionLine(at: $0)?.session == session })
        else { return }
        sessionList.cursor.select(position, of: sessionCount)
    }
}
