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
    public var sessionCount: Int { visibleExtras.count + indexedCount }

    /// How many sessions there are without the filter.
    var unfilteredCount: Int {
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
        let extras = visibleExtras
        if extras.indices.contains(position) {
            let stored = workspace.sessions[extras[position]]?.parts.first.flatMap {
                workspace.work.records[$0.record]?.stored
            }
            return SessionLine(
                session: extras[position], size: stored.map { UInt32(clamping: $0.payload.count) },
                expiry: stored?.expiry)
        }
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

    /// The selected line.
    public var selectedSession: SessionLine? { sessionLine(at: sessionList.cursor.selected) }

    /// Starts the list anew after its container, filter or index changed.
    mutating func relist() -> [Effect] {
        let tabs = index.containers.keys + workspace.madeContainers.filter { $0.store == workspace.currentStore }
        if tabs.count != sessionList.tabs.count { sessionList.tabs = tabs.sorted { $0.title < $1.title } }
        sessionList.rows = nil
        sessionList.isSorted = false
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
        guard !sessionList.filter.isEmpty, !sessionList.isSorted else { return [] }
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

    /// Shows the next or previous container; all of them stand before the first.
    mutating func changeTab(by step: Int) -> [Effect] {
        let tabs: [ContainerID?] = [nil] + sessionList.tabs
        let present = tabs.firstIndex(of: sessionList.container) ?? 0
        sessionList.container = tabs[(present + step + tabs.count) % tabs.count]
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
        guard sessionList.container != container else { return [] }
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
