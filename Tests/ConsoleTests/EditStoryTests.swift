import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// A user changes a cart.
@Suite struct EditStoryTests {
    private static func cart(_ id: String = "4711", size: GridSize = .usual) async throws -> Story {
        var story = try await Story(size: size)
        try await story.press("/")
        await story.type(id)
        try await story.press("Enter", "Enter")
        return story
    }

    @Test func `edit, savepoint, edit, rollback, commit`() async throws {
        var story = try await Self.cart()
        let before = try #require(try await story.stored("shop-carts:4711"))
        try await story.edit("currency", to: "\"HUF\"")
        #expect(story.staged == 1)
        try await story.press("s")
        await story.type("forint")
        try await story.press("Enter")
        try await story.edit("step", to: "\"cart\"")
        #expect(story.screen.contains("M2"))
        try await story.press("b", "Enter")
        #expect(story.staged == 1)
        #expect(story.said.contains("rolled back to forint"))
        #expect(try await story.stored("shop-carts:4711") == before)
        try await story.press("c")
        #expect(story.screen.contains("M /currency \"EUR\" -> \"HUF\""))
        try await story.press("y")
        #expect(story.said == "committed 1 record, 1 round trip")
        #expect(
            try await story.stored("shop-carts:4711")
                == before.replacing("\"currency\":\"EUR\"", with: "\"currency\":\"HUF\""))
        #expect(story.model.workspace.transactionNumber == 2)
        #expect(story.staged == 0)
        #expect(story.model.workspace.work.savepoints.isEmpty)
    }

    @Test func `one savepoint is gone back to twice, and base after it`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "\"a\"")
        try await story.press("s", "Enter")
        for value in ["\"b\"", "\"c\""] {
            try await story.edit("step", to: value)
            try await story.press("b", "Enter")
            #expect(story.model.selectedKey?.node?.value == .string("a"))
        }
        try await story.press("b", "j", "Enter")
        #expect(story.staged == 0)
        #expect(story.model.selectedKey?.node?.value == .string("payment"))
    }

    @Test func `one key alone goes back to what was loaded`() async throws {
        var story = try await Self.cart()
        try await story.edit("currency", to: "\"HUF\"")
        try await story.edit("step", to: "\"cart\"")
        try await story.press("b", "G", "j", "Enter")
        #expect(story.staged == 1)
        #expect(story.model.selectedKey?.node?.value == .string("payment"))
    }

    @Test func `an edit that is set back is clean`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "\"cart\"")
        try await story.edit("step", to: "\"payment\"")
        #expect(story.staged == 0)
        try await story.press("c")
        #expect(story.model.popup == nil)
        #expect(story.said == "nothing is staged; there is nothing to commit")
    }

    @Test func `undo goes back across an abort`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "\"cart\"")
        try await story.press("d")
        #expect(story.staged == 1)
        try await story.press("A")
        #expect(story.staged == 0)
        try await story.press("u")
        #expect(story.staged == 1)
        #expect(story.said == "took back: abort")
        try await story.select("step")
        #expect(story.model.selectedKey?.letter == "D")
        try await story.press("U")
        #expect(story.staged == 0)
    }

    @Test func `undo and redo walk through every step`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "\"1\"")
        try await story.press("s", "Enter")
        try await story.edit("step", to: "\"2\"")
        try await story.press("b", "Enter")
        try await story.press("u", "u", "u", "u")
        #expect(story.staged == 0)
        #expect(story.model.workspace.work.savepoints.isEmpty)
        try await story.press("u")
        #expect(story.said == "nothing to undo in this transaction")
        try await story.press("Ctrl-R", "Ctrl-R", "Ctrl-R")
        #expect(story.model.selectedKey?.node?.value == .string("2"))
        try await story.press("U", "U")
        #expect(story.model.selectedKey?.node?.value == .string("1"))
        #expect(story.said == "nothing to redo")
    }

    @Test func `a session is destroyed, which is staged like any edit`() async throws {
        var story = try await Self.cart()
        try await story.press("1", "d")
        #expect(story.screen.contains("DESTROYED"))
        #expect(try await story.stored("shop-carts:4711") != nil)
        try await story.press("u")
        #expect(!story.screen.contains("DESTROYED"))
        try await story.press("d", "c", "y")
        #expect(try await story.stored("shop-carts:4711") == nil)
    }

    @Test func `d on a session that is not the open one asks to open it first`() async throws {
        var story = try await Self.cart()
        try await story.press("1", "Esc", "G", "d")
        #expect(story.said.contains("open the session first"))
        #expect(story.staged == 0)
    }

    @Test func `a life is set and nothing else is written`() async throws {
        var story = try await Self.cart()
        let before = try await story.stored("shop-carts:4711")
        try await story.press("t")
        await story.type("tomorrow")
        try await story.press("Enter")
        #expect(story.screen.contains("tomorrow is no duration"))
        try await story.retype("2d")
        try await story.press("Enter", "c", "y")
        let record = try #require(try await story.store.base.load(["shop-carts:4711"])["shop-carts:4711"])
        #expect(record.expiry == Expiry(.seconds(172_800), from: Story.start))
        #expect(try await story.stored("shop-carts:4711") == before)
    }

    @Test func `a key is added to a map in a map and an element to a list`() async throws {
        var story = try await Self.cart()
        try await story.select("shipping")
        try await story.press("Enter", "a")
        await story.type("tracking/id")
        try await story.press("Enter")
        await story.type("\"DHL 1\"")
        try await story.press("Enter")
        #expect(story.said == "A /shipping/tracking~1id \"DHL 1\"")
        try await story.press("h")
        try await story.select("items")
        try await story.press("Enter", "a")
        await story.type("{\"sku\": \"SPN-002\"}")
        try await story.press("Enter", "c", "y")
        let stored = try #require(try await story.stored("shop-carts:4711"))
        #expect(stored.contains("\"shipping\":{\"method\":\"parcel\",\"price\":3.9,\"tracking/id\":\"DHL 1\"}"))
        #expect(stored.contains("\"price\":6.4},{\"sku\":\"SPN-002\"}]"))
    }

    @Test func `a value that cannot be stored is refused and can be corrected`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "b\"bytes\"")
        #expect(story.staged == 0)
        #expect(story.model.notice?.weight == .failure || story.screen.contains("?"))
        try await story.edit("step", to: "\"fine\"")
        #expect(story.staged == 1)
    }

    @Test func `quitting asks when edits would be lost`() async throws {
        var story = try await Self.cart()
        try await story.edit("step", to: "\"cart\"")
        try await story.press("1", "q")
        #expect(story.model.popup == .confirmQuit)
        try await story.press("n")
        #expect(story.model.popup == nil)
        #expect(!story.hasQuit)
        try await story.press("q", "q")
        #expect(!story.hasQuit, "the key that asks does not answer")
        try await story.press("q", "y")
        #expect(story.hasQuit)
    }

    @Test(arguments: ["c", "Enter", "Space", "Y"])
    func `nothing but y confirms a commit`(key: String) async throws {
        var story = try await Self.cart()
        let before = try await story.stored("shop-carts:4711")
        try await story.edit("step", to: "\"cart\"")
        try await story.press("c", key)
        #expect(try await story.stored("shop-carts:4711") == before)
        try await story.press("Esc")
        #expect(story.said == "nothing was written; everything is still staged")
        #expect(story.staged == 1)
    }

    @Test func `quitting without edits asks nothing`() async throws {
        var story = try await Self.cart()
        try await story.press("q")
        #expect(!story.hasQuit, "q goes back to the sessions first")
        try await story.press("q")
        #expect(story.hasQuit)
    }

    @Test func `filter, then open`() async throws {
        var story = try await Story()
        try await story.press("/")
        await story.type("ADA")
        #expect(story.model.sessionCount == 1)
        try await story.press("Enter", "Enter")
        #expect(story.model.focus == .keys)
        #expect(story.model.workspace.currentSession?.title == "ada")
        try await story.press("1", "Esc")
        #expect(story.model.sessionCount > 1)
        #expect(story.model.selectedSession?.session.title == "ada", "the selection stays on the open session")
    }

    @Test func `a secret is masked in every place until it is asked for`() async throws {
        var story = try await Story()
        try await story.run("open cms:editor:ada")
        let secret = "dc5514e2769e3df43fba40d5eeaf8b1f"
        try await story.select("csrf_token")
        #expect(!story.screen.contains(secret))
        try await story.run("set /csrf_token \"\(secret)0\"")
        for keys in [["D"], ["c"], ["@"], ["b"], ["i"]] {
            for key in keys { try await story.press(key) }
            #expect(!story.screen.contains(secret), "after \(keys)")
            try await story.press("Esc")
        }
        try await story.press("x")
        #expect(story.screen.contains(secret))
        try await story.press("x")
        #expect(!story.screen.contains(secret))
    }

    @Test func `copying puts the value and the pointer on the clipboard`() async throws {
        var story = try await Self.cart()
        try await story.select("shipping")
        try await story.press("y", "Y", "1", "Y")
        #expect(story.clipboard == [#"{"method": "parcel", "price": 3.9}"#, "/shipping", "4711"])
    }
}
