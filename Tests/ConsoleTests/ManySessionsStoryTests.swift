import CellGrid
import Console
import OrderedCollections
import SessionCommands
import SessionCore
import Testing

/// Several sessions in one transaction.
@Suite struct ManySessionsStoryTests {
    /// Three carts marked and opened together, with the list of open sessions on the screen.
    private func threeCarts(size: GridSize = .usual) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("use shop-carts plain")
        try await story.press("1", "/")
        await story.type("471")
        try await story.press("Enter", "g", "Space", "Space", "Space", "Enter")
        return story
    }

    @Test func `marked sessions are opened together with one round trip, and listed`() async throws {
        let story = try await threeCarts()
        #expect(story.model.workspace.sessions.keys.map(\.title) == ["4711", "4712", "4716"])
        #expect(await story.store.base.traffic().trips[.load] == 1)
        #expect(story.said == "opened 3 sessions")
        #expect(story.model.sessionList.showsOpen && story.model.focus == .sessions)
        #expect(story.screen.contains("1 Sessions open 3"))
    }

    @Test func `a mark is seen, taken away with the same key, and all of them with Esc`() async throws {
        var story = try await Story()
        try await story.press("1", "g", "Space", "Space", "k", "k", "Space")
        #expect(story.model.sessionList.marked.count == 1)
        #expect(story.screen.contains("1 marked: Enter opens"))
        #expect(story.screen.contains(" +visit-counter"))
        try await story.press("Esc")
        #expect(story.model.sessionList.marked.isEmpty)
        try await story.press("g", "Space", "j", "j", "v")
        #expect(story.model.sessionList.marked.count == 4)
    }

    @Test func `open sessions have a tab of their own between all and the containers`() async throws {
        var story = try await threeCarts()
        try await story.press("[")
        #expect(story.screen.contains("1 Sessions all"))
        try await story.press("]", "]")
        #expect(!story.model.sessionList.showsOpen && story.model.sessionList.container != nil)
        try await story.press("[", "j", "Enter")
        #expect(story.model.workspace.currentSession?.title == "4712")
        #expect(story.model.focus == .keys)
    }

    @Test func `key, session and container show what is dirty`() async throws {
        var story = try await threeCarts()
        try await story.press("Enter")
        try await story.edit("step", to: "\"done\"")
        #expect(story.screen.contains("M step"))
        #expect(story.screen.contains("1 Sessions *open"))
        let marks = ["4711", "4712", "4716"].map { id in
            story.screen.split(separator: "\n").contains { line in line.contains(/\* +sho\S* \S+/) && line.contains(id)
            }
        }
        #expect(marks == [true, false, false])
        try await story.press("1", "]")
        #expect(!story.screen.contains("Sessions *"), "the first container holds nothing dirty")
        try await story.press(":")
        await story.type("containers")
        try await story.press("Enter")
        #expect(story.screen.contains("*shop-carts"))
    }

    @Test func `a savepoint is one point over all sessions, and so is a rollback`() async throws {
        var story = try await threeCarts()
        try await story.press("Enter")
        try await story.edit("step", to: "\"one\"")
        try await story.run("savepoint before")
        try await story.run("open 4712")
        try await story.edit("step", to: "\"two\"")
        try await story.run("open 4711")
        try await story.edit("step", to: "\"three\"")
        #expect(story.staged == 2)
        try await story.run("rollback before")
        #expect(story.staged == 1)
        let step = try #require(
            story.model.workspace.session.flatMap { session in
                story.model.workspace.work.node(of: session.parts[0].record)?.child(.key("step"))?.value
            })
        #expect(step == "one")
        try await story.press("c", "y")
        #expect(try await story.stored("shop-carts:4711")?.contains("\"step\":\"one\"") == true)
    }

    @Test func `the menu rolls back one key to a savepoint, or one session alone`() async throws {
        var story = try await threeCarts()
        try await story.press("Enter")
        try await story.edit("step", to: "\"one\"")
        try await story.run("savepoint before")
        try await story.edit("step", to: "\"two\"")
        try await story.run("open 4712")
        try await story.edit("step", to: "\"other\"")
        try await story.run("open 4711")
        try await story.select("step")
        try await story.press("b")
        guard case .rollback(let menu) = story.model.popup else {
            Issue.record("no menu")
            return
        }
        #expect(
            menu.choices.map(\.title) == [
                "1 before", "base", "this key only: /step", "this key to before: /step", "this session only: 4711",
            ])
        try await story.press("j", "j", "j", "Enter")
        #expect(story.staged == 2)
        #expect(story.screen.contains("\"one\""))
        try await story.press("b", "G", "Enter")
        #expect(story.staged == 1 && story.said.hasPrefix("reverted 4711"))
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `the sessions of a transaction`(size: GridSize) async throws {
        var story = try await threeCarts(size: size)
        try await story.press("j", "Enter")
        try await story.edit("step", to: "\"done\"")
        try await story.run("savepoint one")
        try await story.press("1")
        Golden.expect(story.model.view())
    }

    @Test func `a package with a record of its own is marked when something in it is staged`() async throws {
        var story = try await Story()
        try await story.run("use lobby tidemark")
        try await story.run("open one cart prefs")
        try await story.run("set /cart/n 1")
        #expect(story.screen.contains("A cart "))
        #expect(story.screen.contains("  prefs "))
        try await story.press("c", "y")
        try await story.run("set /cart/n 2")
        #expect(story.screen.contains("M cart "))
    }

    @Test func `a session without an id is called new until it holds something`() async throws {
        var story = try await Story()
        try await story.run("use shop-carts plain")
        try await story.run("new")
        #expect(story.screen.contains("2 Keys (new)"))
        try await story.press("1")
        #expect(story.screen.contains("o (new)"))
        try await story.run("set /a 1")
        #expect(!story.screen.contains("(new)"))
    }
}

/// Transactions that cannot be committed say so, and what is left to do.
@Suite struct DeadEndStoryTests {
    @Test func `a doomed transaction is seen all the time, with the way out`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        try await story.run("doom")
        try await story.press("j")
        #expect(story.screen.contains("DOOMED"))
        Golden.expect(story.model.view())
        try await story.press("c")
        #expect(story.model.popup == nil && story.said.contains("doomed"), "no review of what cannot be done")
        try await story.press("A")
        #expect(story.screen.contains("OPEN") && story.staged == 0)
    }

    @Test func `u takes a doom back`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        try await story.run("doom")
        try await story.press("u", "c", "y")
        #expect(try await story.stored("shop-carts:4711")?.contains("\"step\":\"done\"") == true)
    }

    @Test func `a failed transaction is seen all the time, and A begins anew`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        story.store.state = .cutsAnswers
        try await story.press("c", "y")
        story.store.state = .fine
        try await story.press("j", "k")
        #expect(story.screen.contains("FAILED"))
        #expect(story.screen.contains("A aborts and begins anew"))
        try await story.press("A")
        #expect(story.screen.contains("OPEN"))
    }
}
