import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// What others write into an open session is seen within a second, and touches no edit.
@Suite struct WatchStoryTests {
    private static func opened(_ size: GridSize = .usual) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        return story
    }

    @Test func `a session without edits is read again`() async throws {
        var story = try await Self.opened()
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"done\"")
        await story.send(.second)
        #expect(story.said == "4711 changed in the store; read again")
        #expect(story.screen.contains("\"done\""))
        #expect(story.model.popup == nil)
        await story.send(.second)
        #expect(story.model.log.count { $0.text.contains("changed in the store") } == 1, "it is told once")
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `a session with edits is marked`(size: GridSize) async throws {
        var story = try await Self.opened(size)
        try await story.run("set /step \"address\"")
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"done\"", "set /paid true")
        await story.send(.second)
        Golden.expect(story.model.view())
        #expect(story.staged == 1 && story.model.workspace.conflicts.count == 1)
        let log = story.model.log.count
        await story.send(.second)
        #expect(story.model.log.count == log, "it is told once")
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"cancelled\"")
        await story.send(.second)
        #expect(story.model.log.count == log + 1, "and again when it changed again")
        try await story.press("m", "o")
        #expect(story.model.workspace.conflicts.isEmpty && story.staged == 1)
    }

    @Test func `a session that is gone is marked, and what is typed stays`() async throws {
        var story = try await Self.opened()
        try await story.run("set /step \"address\"")
        try await story.elsewhere(open: "shop-carts:4711", "destroy")
        try await story.press(":")
        await story.type("set /a")
        await story.send(.second)
        guard case .palette(let input, _)? = story.model.popup else { Issue.record("the palette is open"); return }
        #expect(input.text == "set /a" && story.staged == 1)
        #expect(story.model.workspace.conflicts.values.first == .gone)
    }

    @Test func `nothing is asked when nothing is open, when it is off, or while something is under way`() async throws {
        var story = try await Story()
        await story.send(.second)
        let before = story.model.workspace.store?.traffic.total
        await story.send(.second)
        #expect(story.model.workspace.store?.traffic.total == before)
        try await story.run("open shop-carts:4711")
        try await story.press("w")
        #expect(story.said.hasPrefix("watch is off"))
        let off = story.model.workspace.store?.traffic.total
        await story.send(.second)
        #expect(story.model.workspace.store?.traffic.total == off)
        try await story.press("w")
        story.isHolding = true
        try await story.press("R")
        let held = story.held.count
        await story.send(.second)
        #expect(story.held.count == held)
    }

    @Test func `a store that does not answer is not asked again and again in words`() async throws {
        var story = try await Self.opened()
        story.isHolding = true
        await story.send(.second)
        try await story.answer(with: .failed(CommandFailure(.unreachable, "no answer")))
        #expect(story.said != "no answer" && story.model.isIdle)
    }
}
