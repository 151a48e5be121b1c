internal import CellGrid
internal import OrderedCollections
internal import SessionCommands
public import SessionCore

extension Model {
    /// Takes a message and returns what is to be done; `now` is the present moment.
    public mutating func update(_ message: Message, now: Timestamp) -> [Effect] {
        self.now = now
        let session = workspace.currentSession
        let effects: [Effect]
        switch message {
        case .start(let address):
            startAddress = address
            effects = run("attach \(address)", .attach(address: address, name: nil))
        case .input(.key(let key)): effects = press(key)
        case .input(.paste(let text)): effects = paste(text)
        case .input(.mouse(let event)): effects = point(event)
        case .input(.resize(let size)):
            self.size = size
            effects = []
        case .input(.hangup): effects = [.hangUp]
        case .result(let result): effects = take(result)
        case .filterMore: effects = filterMore()
        case .second: effects = isTooSmall ? [] : take(workspace.poll(), title: "watch", isQuiet: true, .watch)
        }
        if case .prompt(let prompt) = popup, let asked = prompt.session, workspace.currentSession != asked {
            // An answer came while something was typed for another session: what is typed stays where it was begun.
            stay(in: asked)
        }
        if let opened = workspace.currentSession, opened != session {
            showKeys()
            select(opened)
        }
        settleKeys()
        savepointCursor.select(savepointCursor.selected, of: workspace.work.savepoints.count + 1)
        if let position = diffSavepoint, position >= workspace.work.savepoints.count { diffSavepoint = nil }
        settleScrolling()
        return effects + recogniseShown()
    }

    /// Asks the records on screen whose they are, where their keys do not tell.
    private mutating func recogniseShown() -> [Effect] {
        guard !isTooSmall, !sessionList.showsOpen, workspace.store?.scan == .complete,
            workspace.store?.traffic.trouble == nil
        else { return [] }
        let rows = shownRows
        return take(workspace.recognise(rows), title: "recognise", isQuiet: true)
            + take(workspace.lookAtLocks(rows), title: "locks", isQuiet: true)
    }

    /// Whether nothing is awaited.
    public var isIdle: Bool { requests.isEmpty }

    /// Runs a command as if it had been typed; `line` is how it would be.
    mutating func run(_ line: String, _ command: Command, isQuiet: Bool = false) -> [Effect] {
        let title = command.loggedText(line)
        if !isQuiet { note(title) }
        if case .open = command { lastOpened = nil }
        let effects = take(workspace.run(command, now: now), title: title, isQuiet: isQuiet)
        if case .use = command, let container = workspace.currentContainer { return effects + show(container) }
        return effects
    }

    /// Runs a line of the palette or the tour.
    mutating func run(line: String) -> [Effect] {
        do throws(CommandFailure) {
            return run(line, try Command(parsing: line))
        } catch {
            fail(error)
            return []
        }
    }

    mutating func take(
        _ reply: Reply, title: String, isQuiet: Bool, _ purpose: RunningRequest.Purpose = .command
    ) -> [Effect] {
        let asked = reply.effects.filter { !$0.action.isKeeping }
        for effect in reply.effects {
            // That the journal writes along is shown by its mark alone.
            let isKeeping = effect.action.isKeeping
            requests[effect.request] = RunningRequest(
                title: isKeeping ? "journal" : title,
                isCancellable: effect.action.isCancellable && purpose != .watch,
                isQuiet: isQuiet || isKeeping, purpose: isKeeping ? .keeping : purpose)
        }
        if let failure = reply.failure {
            fail(failure)
        } else if !asked.isEmpty, !isQuiet {
            let way = asked.allSatisfy(\.action.isCancellable) ? " (Ctrl-C cancels)" : ""
            notice = Notice(weight: .waiting, text: "\(title) …\(way)")
        }
        if reply.failure == nil, !isQuiet { show(reply.lines, title: title) }
        return reply.effects.map { .store($0) }
    }

    private mutating func stay(in session: SessionID) {
        let other = workspace.currentSession?.title ?? ""
        guard (try? workspace.open(session, now: now)) != nil else { return }
        notice = Notice(weight: .warning, text: "session \(other) is open too; you are still in \(session.title)")
    }

    private var isTyping: Bool {
        switch popup {
        case .prompt, .palette, .help: true
        default: false
        }
    }

    private mutating func show(_ lines: [String], title: String) {
        guard let first = lines.first else { return }
        guard !isTyping || lines.count == 1 else {
            for line in lines { note(line) }
            notice = Notice(weight: .done, text: "\(title): \(lines.count) lines, in the log (@)")
            return
        }
        if lines.count > 1 {
            popup = .text(TextPopup(title: title, lines: lines))
        }
        notice = Notice(weight: .done, text: lines.count > 1 ? "\(title): \(lines.count) lines" : first)
        if lines.count == 1 { note(first) }
    }

    /// Tells of what others changed, without taking the screen from who works on it.
    private mutating func tell(_ lines: [String]) {
        for line in lines { note(line) }
        guard let line = lines.first(where: { $0.hasPrefix("!") }) ?? lines.last else { return }
        let isMine = line.hasPrefix("! ")
        notice = Notice(weight: isMine ? .warning : .done, text: isMine ? String(line.dropFirst(2)) : line)
    }

    mutating func fail(_ failure: CommandFailure) {
        notice = Notice(weight: .failure, text: failure.message)
        note(failure.message, isFailure: true)
    }

    mutating func note(_ text: String, isFailure: Bool = false) {
        log.append(LogLine(moment: now, text: text, isFailure: isFailure))
        if log.count > Self.logLimit { log.removeFirst(log.count - Self.logLimit) }
    }

    private mutating func take(_ result: StoreResult) -> [Effect] {
        guard let request = requests[result.request] else { return [] }
        if result.isLast { requests[result.request] = nil }
        if result.isLast, notice?.weight == .waiting { notice = nil }
        let openBefore = workspace.sessions.count
        let undecided = workspace.mergePlaces
        let reply = workspace.receive(result)
        var effects = take(reply, title: request.title, isQuiet: request.isQuiet, request.purpose)
        if request.purpose == .watch { tell(reply.lines) }
        switch result.outcome {
        case .attached:
            sessionList = SessionList()
            if workspace.store?.address == "demo:" {
                notice = Notice(
                    weight: .done, text: "this is a demo with made-up sessions; tidemark HOST:PORT opens a real store")
            }
            effects += rescan()
            if workspace.stores.count == 1 {
                effects += take(workspace.findUnfinished(), title: "unfinished", isQuiet: true, .unfinished)
            }
        case .journal(.drafts(let drafts)) where request.purpose == .unfinished && !drafts.isEmpty:
            if popup == nil {
                popup = .unfinished(TextPopup(title: "Not committed when a program ended", lines: reply.lines))
            } else {
                notice = Notice(weight: .warning, text: "a draft was left by a program that ended; drafts lists it")
            }
        case .scanned, .scanEnded:
            effects += result.isLast || sessionList.filter.isEmpty ? relist() : filterMore()
        case .loaded where request.purpose == .watch: break
        case .journal where request.purpose == .command: effects += opened(workspace.sessions.count - openBefore)
        case .loaded, .madeID: effects += opened(workspace.sessions.count - openBefore)
        case .committed(_, let outcomes): effects += relistAfterCommit(outcomes)
        case .failed: effects += relist()
        default: break
        }
        if workspace.mergePlaces != undecided { followMerge(reply.lines) }
        return effects
    }

    /// Shows what is to be decided now, where nothing else has the screen; lines that would be covered go into the log.
    private mutating func followMerge(_ lines: [String]) {
        switch popup {
        case nil: showMerge()
        case .merge: showMerge()
        case .text where lines.count > 1:
            for line in lines { note(line) }
            showMerge()
            if popup != nil { notice = Notice(weight: .done, text: "nothing is written before the commit") }
        default: break
        }
    }

    /// Goes to what was opened: the keys of one session, the list of several.
    private mutating func opened(_ count: Int) -> [Effect] {
        guard count > 0 else { return [] }
        // Looking a session up costs the length of its container, so it is done when one is opened and not at each reading.
        if let session = workspace.currentSession, !sessionList.extras.contains(session), !isIndexed(session) {
            sessionList.extras.append(session)
        }
        if let wanted = lastOpened, workspace.sessions[wanted] != nil { _ = try? workspace.open(wanted, now: now) }
        focus = count > 1 ? .sessions : .keys
        return count > 1 ? showOpen() : []
    }

    /// Lists anew when a commit made or deleted records; a long list is not worth a scan for each commit.
    private mutating func relistAfterCommit(_ outcomes: [RecordID: RecordOutcome]) -> [Effect] {
        let changesList = outcomes.contains { id, outcome in
            if case .written(nil) = outcome { return true }
            return sessionList.extras.contains { workspace.sessions[$0]?.parts.contains { $0.record == id } ?? false }
        }
        return changesList && index.keyCount <= SessionList.sortLimit ? rescan() : []
    }

    /// Lists the store's keys again, without a word on the screen unless it fails.
    mutating func rescan() -> [Effect] {
        guard workspace.store?.capabilities.contains(.scan) == true else { return [] }
        if case .running = workspace.store?.scan { return [] }
        return run("containers", .containers, isQuiet: true)
    }

    /// Gives up what is under way; false if nothing may be given up.
    mutating func cancelRequests() -> [Effect] {
        let cancellable = requests.filter(\.value.isCancellable).keys.sorted { $0.number < $1.number }
        for request in cancellable {
            requests[request] = nil
            workspace.cancel(request)
        }
        return cancellable.map { .cancel($0) }
    }
}

extension StoreEffect.Action {
    /// Whether the journal writes along with the user's steps.
    var isKeeping: Bool {
        switch self {
        case .journal(.keep), .journal(.adopt), .journal(.settle): true
        default: false
        }
    }
}

extension Command {
    /// The command for the log, without the values of keys that sound secret.
    func loggedText(_ line: String) -> String {
        switch self {
        case .set(let pointer, let value):
            let isSecret = Secrets.isSecret(pointer.tokens.map { .key(.string($0)) })
            return "set \(pointer) \(isSecret ? Secrets.mask : Notation.text(of: Secrets.masked(value)))"
        case .merge(let decision?):
            guard case .value(let value) = decision.choice, let pointer = decision.pointer else { return line }
            let isSecret = Secrets.isSecret(pointer.tokens.map { .key(.string($0)) })
            return "merge \(pointer) \(isSecret ? Secrets.mask : Notation.text(of: Secrets.masked(value)))"
        case .writer(let inner): return "writer \((try? Command(parsing: inner))?.loggedText(inner) ?? inner)"
        default: return line
        }
    }
}
