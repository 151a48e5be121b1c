import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

@Suite struct KeysScreenTests {
    private static func edited(size: GridSize) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        try await story.select("coupon")
        try await story.press("d")
        try await story.press("a")
        await story.type("gift")
        try await story.press("Enter")
        await story.type("true")
        try await story.press("Enter")
        return story
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `a session without edits`(size: GridSize) async throws {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.press("2")
        Golden.expect(story.model.view())
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `keys modified added and deleted`(size: GridSize) async throws {
        var story = try await Self.edited(size: size)
        try await story.select("step")
        Golden.expect(story.model.view())
    }

    @Test func `the pane of keys takes more of the screen`() async throws {
        var story = try await Self.edited(size: .usual)
        try await story.press("+")
        Golden.expect(story.model.view(), "its column")
        try await story.press("+")
        Golden.expect(story.model.view(), "all of it")
    }

    @Test func `inside a list and a map`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.select("items")
        try await story.press("Enter")
        Golden.expect(story.model.view(), "the list")
        try await story.press("Enter", "j")
        Golden.expect(story.model.view(), "the map in it")
    }

    @Test func `a session that is not in the store`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("use MemCacheSession")
        try await story.run("open nobody")
        Golden.expect(story.model.view())
    }

    @Test func `a session that is to be deleted`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.run("destroy")
        Golden.expect(story.model.view())
    }

    @Test func `records that cannot be edited inside`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open greeting")
        Golden.expect(story.model.view(), "text")
        try await story.run("open visit-counter")
        Golden.expect(story.model.view(), "bytes")
        try await story.press("e")
        Golden.expect(story.model.view(), "bytes, and e pressed")
    }

    @Test func `secrets`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open cms:editor:ada")
        try await story.select("csrf_token")
        Golden.expect(story.model.view(), "masked")
        try await story.press("x")
        Golden.expect(story.model.view(), "revealed")
    }

    @Test(arguments: [GridSize.usual, .smallest])
    func `a value being edited in its line`(size: GridSize) async throws {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.select("currency")
        try await story.press("e", "Left", "Left")
        Golden.expect(story.model.view())
        try await story.press("Backspace", "End", "Backspace", "Enter")
        Golden.expect(story.model.view(), "and refused")
    }

    @Test func `adding a key`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.press("2", "a")
        await story.type("note")
        Golden.expect(story.model.view(), "its name")
        try await story.press("Enter")
        await story.type("{\"by\": \"茶\"")
        Golden.expect(story.model.view(), "its value")
        try await story.press("Enter")
        Golden.expect(story.model.view(), "a value that does not parse")
    }

    @Test func `keys filtered by what is typed`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.press("2", "/")
        await story.type("i")
        try await story.press("Enter")
        Golden.expect(story.model.view())
        try await story.press("/")
        await story.type("xyz")
        try await story.press("Enter")
        Golden.expect(story.model.view(), "without a match")
    }

    @Test func `packages of a session`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("use MemCacheSession")
        try await story.run("open 4358694e-eb09-4c67-98ae-914a10562ce7")
        try await story.select("legacy")
        Golden.expect(story.model.view())
    }

    @Test func `wide glyphs in values`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4716")
        try await story.select("customer")
        try await story.press("Enter", "j")
        Golden.expect(story.model.view())
        try await story.press("e")
        try await story.press("Left", "Left")
        Golden.expect(story.model.view(), "being edited")
        try await story.press("Esc")
        try await story.run("open 4712")
        try await story.select("customer")
        Golden.expect(story.model.view(), "an emoji")
    }
}
