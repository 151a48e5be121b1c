internal import OrderedCollections
internal import SessionCommands
internal import SessionCore

extension Model {
    mutating func act(_ action: Action) -> [Effect] {
        switch action {
        case .down: move(by: 1, in: focus)
        case .up: move(by: -1, in: focus)
        case .pageDown: move(by: pageHeight, in: focus)
        case .pageUp: move(by: -pageHeight, in: focus)
        case .first: move(by: -1_000_000_000, in: focus)
        case .last: move(by: 1_000_000_000, in: focus)
        case .nextPane: focus = focus.next(by: 1)
        case .previousPane: focus = focus.next(by: -1)
        case .pane(let pane): focus = pane
        case .nextTab: return changeTab(by: 1)
        case .previousTab: return changeTab(by: -1)
        case .zoomIn: zoom = Zoom(rawValue: min(zoom.rawValue + 1, 2)) ?? zoom
        case .zoomOut: zoom = Zoom(rawValue: max(zoom.rawValue - 1, 0)) ?? zoom
        case .right: if focus != .keys || !descend() { focus = focus.next(by: 1) }
        case .left: if focus != .keys || !ascend() { focus = .sessions }
        case .back: return back()
        case .quit: return quit()
        case .cancel: return cancel()
        case .open: return open()
        case .help: popup = .help(TextInput(), ListCursor())
        case .palette: popup = .palette(TextInput(), history: nil)
        case .filter:
            popup = .prompt(
                Prompt(.filter(focus), text: focus == .sessions ? sessionList.filter : keyList.filter, session: nil))
        case .view:
            valueView = ValueView(rawValue: (valueView.rawValue + 1) % ValueView.allCases.count) ?? .tree
            valueScroll = 0
        case .diffBase: cycleDiffBase()
        case .reveal: reveal()
        case .log: popup = .text(TextPopup(title: "log", lines: logLines))
        case .info: return showInfo()
        case .diff: return run("diff", .diff(.base))
        case .undo: return run("undo", .undo)
        case .redo: return run("redo", .redo)
        case .abort: return run("abort", .abort)
        case .refresh: return refresh()
        case .commit: review()
        case .merge: return merge()
        case .watch: return run("watch \(workspace.isWatching ? "off" : "on")", .watch(!workspace.isWatching))
        case .rollback: chooseRollback()
        case .mark: return mark()
        case .markRange: markRange()
        case .savepoint: popup = .prompt(Prompt(.savepoint, session: nil))
        case .edit: edit()
        case .add: add()
        case .delete: return delete()
        case .timeToLive: return askForLife()
        case .copyValue: return copyValue()
        case .copyKey: return copyKey()
        case .repaint: return [.repaint]
        case .suspend: return [.suspend]
        case .mouse:
            usesMouse.toggle()
            notice = Notice(weight: .done, text: usesMouse ? "mouse on; M turns it off" : "mouse off")
            return [.useMouse(usesMouse)]
        case .nextTourStep: return nextTourStep()
        }
        return []
    }

    private var pageHeight: Int { max(1, ScreenLayout(model: self).listHeight(focus) - 1) }

    private mutating func open() -> [Effect] {
        switch focus {
        case .sessions:
            if !sessionList.marked.isEmpty { return openMarked() }
            guard let line = selectedSession else { return nothingSelected() }
            let title = "open \(line.session.title)"
            lastOpened = line.session
            note(title)
            do throws(CommandFailure) {
                let reply = try workspace.open(line.session, now: now)
                if reply.effects.isEmpty { focus = .keys }
                return take(reply, title: title, isQuiet: false)
            } catch {
                fail(error)
                return []
            }
        case .keys: if !descend() { edit() }
        case .savepoints: chooseRollback()
        case .value, .backend: break
        }
        return []
    }

    private mutating func back() -> [Effect] {
        notice = nil
        if tour != nil {
            tour = nil
            notice = Notice(weight: .done, text: "the tour is over; ? lists the keys, : takes commands")
        } else if focus == .keys, !keyList.filter.isEmpty {
            keyList.filter = ""
            relistKeys()
        } else if focus == .keys, !keyList.path.isEmpty {
            _ = ascend()
        } else if focus == .sessions, !sessionList.marked.isEmpty {
            sessionList.marked = []
        } else if focus == .sessions, !sessionList.filter.isEmpty {
            return filterSessions("")
        } else if zoom != .normal {
            zoom = .normal
        } else {
            focus = .sessions
        }
        return []
    }

    private mutating func quit() -> [Effect] {
        if focus != .sessions, zoom == .normal, popup == nil {
            focus = .sessions
            return []
        }
        if zoom != .normal {
            zoom = .normal
            return []
        }
        return leave()
    }

    mutating func leave() -> [Effect] {
        guard !workspace.work.isClean || workspace.isCommitting else { return [.quit] }
        popup = .confirmQuit
        return []
    }

    private mutating func cancel() -> [Effect] {
        // A commit that waits for a lock has written nothing and holds nothing.
        let wasWaitingToCommit = workspace.isCommitting
        let effects = cancelRequests()
        if !effects.isEmpty {
            let gaveUp = wasWaitingToCommit && !workspace.isCommitting
            notice = Notice(
                weight: .warning,
                text: gaveUp
                    ? "cancelled; nothing was written and your edits are kept"
                    : "cancelled; what was read so far is shown")
            return effects + relist()
        }
        if workspace.isCommitting {
            notice = Notice(
                weight: .warning,
                text: "a commit cannot be cancelled half way; it ends when the store answers or times out")
            return []
        }
        if popup != nil, popup != .confirmQuit {
            popup = nil
            return []
        }
        return leave()
    }

    private mutating func refresh() -> [Effect] {
        // A start on a store that could not be reached is tried again.
        guard workspace.store != nil else {
            return run("attach \(startAddress)", .attach(address: startAddress, name: nil))
        }
        // Listing the keys again is for the list; a session is read again without bothering the server with a scan.
        var effects = focus == .sessions || workspace.sessions.isEmpty ? rescan() : []
        if !workspace.sessions.isEmpty { effects += run("refresh", .refresh) }
        return effects
    }

    private mutating func delete() -> [Effect] {
        if focus == .sessions {
            guard selectedSession?.session == workspace.currentSession, workspace.session != nil else {
                notice = Notice(
                    weight: .warning, text: "open the session first (Enter); destroy is staged like any edit")
                return []
            }
            return run("destroy", .destroy)
        }
        guard let pointer = selectedPointer else { return nothingSelected() }
        return run("delete \(pointer)", .delete(pointer))
    }

    /// Says why a key that needs a selection did nothing.
    private mutating func nothingSelected() -> [Effect] {
        let text =
            focus == .sessions
            ? "no session is selected"
            : workspace.session == nil ? "open a session first (Enter)" : "no key is selected"
        notice = Notice(weight: .warning, text: text)
        return []
    }

    private mutating func askForLife() -> [Effect] {
        guard workspace.session != nil else {
            notice = Notice(weight: .warning, text: "open a session first (Enter)")
            return []
        }
        popup = .prompt(Prompt(.timeToLive, session: workspace.currentSession))
        return []
    }

    private mutating func copyValue() -> [Effect] {
        guard let node = selectedKey?.node else { return nothingSelected() }
        notice = Notice(weight: .done, text: "value copied")
        return [.copy(Notation.text(of: node.value))]
    }

    private mutating func copyKey() -> [Effect] {
        let text = focus == .sessions ? selectedSession?.session.title : selectedPointer?.text
        guard let text else { return nothingSelected() }
        notice = Notice(weight: .done, text: "\(focus == .sessions ? "id" : "pointer") copied")
        return [.copy(text)]
    }

    /// Shows what is known of the record that the listed keys are in.
    private mutating func showInfo() -> [Effect] {
        guard workspace.session != nil else {
            popup = .text(TextPopup(title: "info", lines: ["no session is open; Enter opens the selected one"]))
            return []
        }
        return take(workspace.run(.info(keyPointer), now: now), title: "info", isQuiet: false)
    }

    private mutating func reveal() {
        guard let pointer = selectedPointer else {
            _ = nothingSelected()
            return
        }
        if keyList.revealed.remove(pointer.text) == nil { keyList.revealed.insert(pointer.text) }
    }

    private mutating func cycleDiffBase() {
        let count = workspace.work.savepoints.count
        let next = (diffSavepoint ?? -1) + 1
        diffSavepoint = next < count ? next : nil
        notice = Notice(weight: .done, text: "differences against \(diffBaseTitle)")
    }

    /// What differences are shown against.
    var diffBaseTitle: String {
        diffSavepoint.map { workspace.work.savepoints[$0].name } ?? "base"
    }

    private mutating func nextTourStep() -> [Effect] {
        guard let step = tour?.step else { return [] }
        tour?.position += 1
        if tour?.step == nil { tour = nil }
        return step.command.map { run(line: $0) } ?? []
    }
}
