import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// Sessions that requests of their frameworks hold.
@Suite struct LockStoryTests {
    private static let id = "02p9k4sts1d19sfejh3f81igkc"

    /// Sessions of PHP's two handlers: two locked ones of each, and of the older one with what a released lock left.
    private static func records() -> [DemoRecord] {
        func record(_ key: String, _ text: String, flags: UInt32 = 0, _ lifetime: Lifetime) -> DemoRecord {
            DemoRecord(key: RecordKey(key), payload: Array(text.utf8), flags: flags, lifetime: lifetime)
        }
        let text = "user|s:4:\"jdoe\";n|i:3;"
        return [
            record("memc.sess.key.\(id)", text, .seconds(1440)),
            record("memc.sess.key.lock.\(id)", "1", .never),
            record("memc.sess.key.inonf2dt4tj934bbd3ro7tim3p", text, .seconds(1440)),
            record("ciskn1hap5v9urim9hd412rfad", text, .seconds(1440)),
            record("ciskn1hap5v9urim9hd412rfad.lock", "1", flags: 768, .seconds(15)),
            record("qd7kn9bqsj9h25ona0p5vtue09", text, .seconds(1440)),
            record("qd7kn9bqsj9h25ona0p5vtue09.lock", "0", flags: 768, .seconds(15)),
        ]
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `locked sessions`(size: GridSize) async throws {
        var story = try await Story(size: size, records: Self.records())
        Golden.expect(story.model.view())
        #expect(story.screen.split(separator: "\n").filter { $0.contains("L") && $0.contains("PhS") }.count == 2)
        try await story.run("open memc.sess.key.\(Self.id)")
        try await story.press("i")
        Golden.expect(story.model.view(), "info")
        try await story.press("Esc")
        story.clock.advance(milliseconds: 16_000)
        try await story.press("1", "j")
        let locked = story.screen.split(separator: "\n").filter { $0.contains("L") && $0.contains("PhS") }
        #expect(locked.count == 1, "one of them has an end")
    }

    @Test func `a commit that waits for a lock can be given up, and the edits stay`() async throws {
        var story = try await Story(records: Self.records())
        try await story.run("open memc.sess.key.\(Self.id)")
        try await story.run("set /n 4")
        story.isHolding = true
        try await story.run("commit --lock=5")
        #expect(story.screen.contains("COMMITTING"))
        try await story.press("Ctrl-C")
        #expect(story.said.contains("a commit cannot be cancelled"), "one that may hold the lock is seen through")
        try await story.answer()
        #expect(story.held.count == 1 && story.said.contains("Ctrl-C cancels"), "\(story.said)")
        try await story.press("2", "u")
        #expect(story.said.contains("a commit is under way"))
        try await story.press("Ctrl-C")
        #expect(story.said == "cancelled; nothing was written and your edits are kept")
        #expect(story.held.isEmpty && story.staged == 1 && !story.hasQuit)
        #expect(try await story.stored(RecordKey("memc.sess.key.\(Self.id)"))?.hasSuffix("n|i:3;") == true)
        try await story.press("u")
        #expect(story.staged == 0)
    }

    @Test func `a held lock is said, and a free one is taken and given back`() async throws {
        var story = try await Story(records: Self.records())
        try await story.run("open memc.sess.key.\(Self.id)")
        try await story.run("set /n 4")
        try await story.run("commit --lock")
        #expect(story.said.hasPrefix("locked by a running request: memc.sess.key.lock.\(Self.id)"))
        try await story.run("abort")
        try await story.run("open memc.sess.key.inonf2dt4tj934bbd3ro7tim3p")
        try await story.run("set /n 4")
        try await story.run("commit --lock")
        #expect(story.said.hasSuffix(", under its lock"))
        #expect(try await story.stored("memc.sess.key.lock.inonf2dt4tj934bbd3ro7tim3p") == nil)
    }
}
