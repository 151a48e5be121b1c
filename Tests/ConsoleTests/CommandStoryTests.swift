import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// The palette, the tour, and sessions that are made.
@Suite struct CommandStoryTests {
    @Test func `the tour ends with a commit that kept both writers' changes`() async throws {
        var story = try await Story(tour: DemoContent.tour())
        let steps = try DemoContent.tour().steps.count
        var shown: [String] = []
        for step in 1...steps {
            #expect(story.screen.contains("Tour \(step) of \(steps)"))
            try await story.press("Space")
            if case .text(let popup) = story.model.popup {
                shown.append(popup.title)
                try await story.press("Esc")
            }
        }
        #expect(story.model.tour == nil)
        #expect(shown.contains("plan"))
        let stored = try #require(try await story.stored("shop-carts:4711"))
        #expect(stored.contains("\"quantity\":3") && stored.contains("Please ring twice."))
        #expect(stored.contains("\"method\":\"parcel\",\"price\":3.9"))
        #expect(story.staged == 0)
    }

    @Test func `Esc ends the tour`() async throws {
        var story = try await Story(tour: DemoContent.tour())
        try await story.press("Esc")
        #expect(story.model.tour == nil)
        try await story.press("Space")
        #expect(story.model.workspace.currentContainer == nil)
    }

    @Test func `the palette completes names and finds earlier lines`() async throws {
        var story = try await Story()
        try await story.press(":")
        await story.type("savepoint a")
        try await story.press("Enter", ":")
        await story.type("op")
        try await story.press("Tab")
        await story.type("greeting")
        try await story.press("Enter")
        #expect(story.model.workspace.currentSession?.title == "greeting")
        try await story.press(":", "Up", "Up")
        guard case .palette(let input, _) = story.model.popup else {
            Issue.record("the palette is closed")
            return
        }
        #expect(input.text == "savepoint a")
        try await story.press("Down", "Home", "Ctrl-K")
        await story.type("status")
        try await story.press("Enter")
        #expect(story.screen.contains("session greeting in (other)"))
    }

    @Test(arguments: [
        ("frobnicate", "no command frobnicate"), ("set", "set: the pointer is missing"),
        ("ttl soon", "soon is no duration"),
        ("rollback nowhere", "no savepoint nowhere"),
        ("commit now", "commit takes --merge, --lock[=TRIES], --confirm NAME and --plan FILE"),
        ("set /step {", "the value does not parse"), ("get /none", "no key"),
    ])
    func `a command that cannot be done says why and changes nothing`(line: String, words: String) async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        let before = story.model.workspace.work
        try await story.run(line)
        #expect(story.model.notice?.weight == .failure)
        #expect(story.said.contains(words), "\(story.said)")
        #expect(story.model.workspace.work == before)
        #expect(story.model.log.last?.isFailure == true)
    }

    @Test func `a session is made, found in the list, and emptied away`() async throws {
        var story = try await Story()
        try await story.run("use MemCacheSession timeout=30m")
        try await story.run("open visitor-1")
        #expect(story.screen.contains("not in the store yet"))
        #expect(story.staged == 0)
        try await story.press("2", "a")
        await story.type("cart")
        try await story.press("Enter")
        await story.type("{\"items\": [tuple(\"TEA-014\", 1)]}")
        try await story.press("Enter", "c", "y")
        #expect(
            try await story.stored("tidemark:MemCacheSession:visitor-1")
                == "{\"cart\": {\"items\": [tuple(\"TEA-014\", 1)]}}")
        try await story.press("1", "R", "/")
        await story.type("visitor")
        try await story.press("Enter")
        #expect(story.model.sessionCount == 1)
        #expect(story.model.selectedSession?.expiry == Expiry(.seconds(1800), from: Story.start))
        try await story.select("cart")
        try await story.press("d", "c", "y")
        #expect(try await story.stored("tidemark:MemCacheSession:visitor-1") == nil)
    }

    @Test func `two sessions are edited and committed together`() async throws {
        var story = try await Story()
        for id in ["4711", "4712"] {
            try await story.run("use shop-carts plain")
            try await story.run("open \(id)")
            try await story.edit("step", to: "\"closed\"")
        }
        #expect(story.screen.contains("2 dirty"))
        try await story.press("c")
        #expect(story.screen.contains("shop-carts:4711") && story.screen.contains("shop-carts:4712"))
        try await story.press("y")
        for key in ["shop-carts:4711", "shop-carts:4712"] as [RecordKey] {
            #expect(try await story.stored(key)?.contains("\"step\":\"closed\"") == true)
        }
    }

    @Test func `a conflict in one session writes neither`() async throws {
        var story = try await Story()
        try await story.run("use shop-carts plain")
        for id in ["4711", "4712"] {
            try await story.run("open \(id)")
            try await story.edit("step", to: "\"closed\"")
        }
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"lost\"")
        try await story.press("c", "y")
        #expect(story.staged == 2)
        #expect(try await story.stored("shop-carts:4712")?.contains("\"closed\"") == false)
    }
}
