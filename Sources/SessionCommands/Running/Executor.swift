public import SessionCore

/// Runs commands to their end, one after the other, as scripts do.
public struct Executor: Sendable {
    /// Does the effects.
    public let runner: Runner
    /// Tells the time.
    public let clock: any WallClock

    /// An executor over a runner.
    public init(runner: Runner, clock: any WallClock) {
        self.runner = runner
        self.clock = clock
    }

    /// Runs one command and everything it needs of the stores; the reply holds no effects any more.
    public func run(_ command: Command, in workspace: inout Workspace) async -> Reply {
        await finish(workspace.run(command, now: clock.now()), in: &workspace)
    }

    /// Runs one line.
    public func run(line: String, in workspace: inout Workspace) async -> Reply {
        do throws(CommandFailure) {
            return await run(try Command(parsing: line), in: &workspace)
        } catch {
            return Reply(failure: error)
        }
    }

    /// Does the effects of a reply, and those that follow from them.
    public func finish(_ reply: Reply, in workspace: inout Workspace) async -> Reply {
        var whole = reply
        while !whole.effects.isEmpty {
            let effect = whole.effects.removeFirst()
            for await result in runner.results(of: effect) {
                let next = workspace.receive(result)
                whole.lines += next.lines
                whole.effects += next.effects
                whole.failure = whole.failure ?? next.failure
            }
        }
        return whole
    }
}
