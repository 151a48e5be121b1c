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
    private var tasks: [RequestID: Task<Void, Never>] = [:]
    private var mustQuit = false
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

    /// Runs until the user quits or the terminal is gone; `address` is the store to open at the start.
    public func run(address: String) async {
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
        for task in tasks.values { task.cancel() }
        terminal.close()
        await runner.close()
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
        case .cancel(let request): tasks.removeValue(forKey: request)?.cancel()
        case .filterMore: mailbox.post(.filterMore)
        case .copy(let text): terminal.copyToClipboard(text)
        case .repaint: terminal.repaint()
        case .suspend: terminal.suspend()
        case .useMouse(let isOn): terminal.setMouse(enabled: isOn)
        case .quit: mustQuit = true
        }
    }

    private func start(_ effect: StoreEffect) {
        // The task is counted before it starts, so that "idle" never comes too early.
        tasks[effect.request] = Task { @MainActor [mailbox, runner] in
            for await result in runner.results(of: effect) { mailbox.post(.result(result)) }
            tasks[effect.request] = nil
            mailbox.ring()
        }
    }
}

/// A terminal whose keys come from a script, each asked for when everything before it is done.
@MainActor
public protocol ScriptedTerminal: AnyObject {
    /// The next key; nil at the end of the script, which ends the program.
    func nextEvent() -> InputEvent?
}
