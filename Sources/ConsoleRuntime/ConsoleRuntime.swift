public import CellGrid
public import Console
public import SessionCommands
public import SessionCore

/// The loop: messages to the model, its effects to stores and terminal, its screen to the terminal.
///
/// Keys are never held up: stores are asked in tasks of their own, which post what comes of it.
@MainActor
public final class ConsoleRuntime {
    private var model: Model
    private let runner: Runner
    private let clock: any WallClock
    private let terminal: any Terminal
    private let mailbox = Mailbox()
    private var tasks: [RequestID: (task: Task<Void, Never>, isCancellable: Bool)] = [:]
    private var mustQuit = false
    private var isHungUp = false
    /// How long open sessions are left alone, in milliseconds: with the round trip a change is seen within a second.
    private static let pollInterval = 800

    /// A console over a model.
    ///
    /// The terminal is closed by `run`.
    public init(model: Model, runner: Runner, clock: any WallClock, terminal: any Terminal) {
        self.model = model
        self.runner = runner
        self.clock = clock
        self.terminal = terminal
    }

    /// Runs until the user quits or the terminal is gone.
    ///
    /// - Parameter address: The store to open at the start.
    /// - Returns: Whether the user quit, who was asked about edits that would be lost; false if the terminal went away.
    @discardableResult
    public func run(address: String) async -> Bool {
        let reader = Task { @MainActor [mailbox, terminal] in
            for await event in terminal.events { mailbox.post(.input(event)) }
            // A terminal that has nothing more to say is gone.
            mailbox.post(.input(.hangup))
        }
        // A script waits for facts and not for time, so nothing happens by itself there.
        let seconds = Task { [mailbox, terminal] in
            guard !(terminal is any ScriptedTerminal) else { return }
            while (try? await Task.sleep(for: .milliseconds(Self.pollInterval))) != nil { mailbox.post(.second) }
        }
        handle(.start(address: address))
        terminal.show(model.view())
        mailbox.ring()
        for await _ in mailbox.rings {
            for message in mailbox.take() where !mustQuit { handle(message) }
            if mustQuit { break }
            terminal.show(model.view())
            typeNext()
            if mustQuit { break }
        }
        reader.cancel()
        seconds.cancel()
        terminal.close()
        await finish()
        await runner.close()
        return !isHungUp
    }

    /// Sees through what may not be given up half way: commits, and the last steps on their way into the journal.
    private func finish() async {
        for (task, isCancellable) in tasks.values where isCancellable { task.cancel() }
        while let (task, _) = tasks.values.first(where: { !$0.isCancellable }) {
            await task.value
            for message in mailbox.take() {
                guard case .result = message else { continue }
                for effect in model.update(message, now: clock.now()) {
                    if case .store(let effect) = effect, !effect.action.isCancellable { start(effect) }
                }
            }
        }
    }

    /// Lets a scripted terminal type its next key once nothing is under way: scripts wait for facts, not for time.
    private func typeNext() {
        guard let script = terminal as? any ScriptedTerminal, tasks.isEmpty, mailbox.isEmpty else { return }
        guard let event = script.nextEvent() else {
            mustQuit = true
            return
        }
        mailbox.post(.input(event))
    }

    private func handle(_ message: Message) {
        for effect in model.update(message, now: clock.now()) { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .store(let effect): start(effect)
        case .cancel(let request): tasks.removeValue(forKey: request)?.task.cancel()
        case .filterMore: mailbox.post(.filterMore)
        case .copy(let text): terminal.copyToClipboard(text)
        case .repaint: terminal.repaint()
        case .suspend: terminal.suspend()
        case .useMouse(let isOn): terminal.setMouse(enabled: isOn)
        case .quit: mustQuit = true
        case .hangUp:
            mustQuit = true
            isHungUp = true
        }
    }

    private func start(_ effect: StoreEffect) {
        // The task is counted before it starts, so that "idle" never comes too early.
        let task = Task { @MainActor [mailbox, runner] in
            for await result in runner.results(of: effect) { mailbox.post(.result(result)) }
            tasks[effect.request] = nil
            mailbox.ring()
        }
        tasks[effect.request] = (task, effect.action.isCancellable)
    }
}

/// A terminal whose keys come from a script, each asked for when everything before it is done.
@MainActor
public protocol ScriptedTerminal: AnyObject {
    /// The next key; nil at the end of the script, which ends the program.
    func nextEvent() -> InputEvent?
}
