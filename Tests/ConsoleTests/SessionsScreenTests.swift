import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

@Suite struct SessionsScreenTests {
    static let sizes: [GridSize] = [.usual, .classic, .smallest]

    @Test(arguments: sizes)
    func `start on the sessions of all containers`(size: GridSize) async throws {
        Golden.expect(try await Story(size: size).model.view())
    }

    @Test(arguments: sizes)
    func `start on the demo with its tour`(size: GridSize) async throws {
        var story = try await Story(size: size, tour: DemoContent.tour())
        Golden.expect(story.model.view())
        try await story.press("Space", "Space", "Space")
        Golden.expect(story.model.view(), "two steps on")
    }

    @Test func `one container`() async throws {
        var story = try await Story(size: .classic)
        try await story.press("]", "]", "j")
        Golden.expect(story.model.view())
    }

    @Test func `sessions filtered by what is typed`() async throws {
        var story = try await Story(size: .classic)
        try await story.press("/")
        await story.type("47")
        Golden.expect(story.model.view(), "while typing")
        try await story.press("Enter")
        Golden.expect(story.model.view())
        try await story.press("/")
        await story.type("nobody")
        try await story.press("Enter")
        Golden.expect(story.model.view(), "without a match")
    }

    @Test(arguments: [GridSize.classic, .smallest])
    func `a store without sessions`(size: GridSize) async throws {
        Golden.expect(try await Story(size: size, records: []).model.view())
    }

    @Test func `a scan that runs`() async throws {
        var story = try await Story(size: .classic, isHolding: true)
        Golden.expect(story.model.view(), "not yet, the store is being opened")
        try await story.answer()
        Golden.expect(story.model.view(), "nothing came yet")
        let rows = (1...17).map { number in
            ScanBatch.Row(
                key: RecordKey("basket:\(1000 + number)"), size: UInt32(number * 700),
                expiry: Expiry(.seconds(600), from: Story.start))
        }
        try await story.answer(with: .scanned(ScanBatch(rows)))
        Golden.expect(story.model.view())
    }

    @Test func `a scan that failed`() async throws {
        var story = try await Story(size: .classic, isHolding: true)
        try await story.answer()
        story.store.state = .away
        try await story.answerAll()
        Golden.expect(story.model.view())
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `many sessions`(size: GridSize) async throws {
        let records = (0..<1500).map { number in
            DemoRecord(
                key: RecordKey("basket:\(String(number * 7919 % 100_003, radix: 36))-\(number)"), payload: [0x31],
                flags: 0,
                lifetime: .seconds(Int64(number + 1) * 60))
        }
        var story = try await Story(size: size, records: records)
        try await story.press("PgDn", "PgDn", "PgDn", "k")
        Golden.expect(story.model.view())
    }

    @Test func `wide and hostile ids stay in their columns`() async throws {
        let keys: [RecordKey] = [
            "茶:会話一二三四五六七八九十", "emoji:👩‍👩‍👧 🎁 🇭🇺", "bidi:\u{202E}cba\u{200B}", "escape:\u{1B}[31mred",
            RecordKey([0x62, 0x3A, 0xFF, 0xFE, 0x00, 0x0A]), "e\u{301}:e\u{301}e\u{301}\u{302}\u{303}\u{304}",
        ]
        let records = keys.map {
            DemoRecord(key: $0, payload: Array("{\"茶\":\"👍🏽 한국어 é\"}".utf8), flags: 0, lifetime: .never)
        }
        var story = try await Story(size: .classic, records: records)
        try await story.press("G", "Enter")
        Golden.expect(story.model.view())
    }
}
