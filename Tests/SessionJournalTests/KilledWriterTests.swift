import Glibc
import ProcessSpawning
import RandomValues
import SQLiteBackend
import SessionClock
import SessionCore
import SessionFormats
import SessionJournal
import Testing
import TmuxSession

/// A program that edits and commits without end is killed at random moments: nothing that it acknowledged is lost, and what the journal says
/// of its commits is true.
@Suite struct KilledWriterTests {
    /// `make soak` sets more.
    private static let kills = getenv("TIDEMARK_KILLS").flatMap { Int(String(cString: $0)) } ?? 200

    @Test(arguments: RandomSource.seeds(1)) func `killed at random moments`(seed: UInt64) async throws {
        var random = RandomSource(seed: seed)
        let folder = try JournalFolder()
        var next = 1
        var interrupted = 0
        var edits = 0
        for kill in 1...Self.kills {
            let said = try Self.runAndKill(
                folder, first: next, afterLines: random.number(0...8), nanoseconds: random.number(0...2_000_000))
            let place = Comment(rawValue: "seed \(seed), kill \(kill), said \(said.suffix(3))")
            #expect(!said.contains { $0.hasPrefix("failed") }, place)
            let lastEdit = said.last { $0.hasPrefix("edit") }.flatMap { Int($0.dropFirst(5)) }
            let lastDone = said.last { $0.hasPrefix("done") }.flatMap { Int($0.dropFirst(5)) }
            guard folder.hasJournal else { continue }
            #expect(try folder.rows("PRAGMA integrity_check") == ["ok"], place)
            let journal = try folder.journal()
            let stored = try await Self.stored(folder)
            if let lastDone { #expect(stored ?? 0 >= lastDone, place) }
            let drafts = try await journal.drafts()
            if let lastEdit, stored ?? 0 < lastEdit {
                #expect(
                    drafts.contains {
                        $0.title.contains("1 change")
                            && String(decoding: $0.content, as: UTF8.self).contains("\(lastEdit)")
                    }, place)
                edits += 1
            }
            for draft in drafts { try await journal.forget(draft: draft.number) }
            interrupted += try await Self.check(journal, stored: stored, place)
            next = max(stored ?? 0, lastEdit ?? 0) + 1
        }
        print(
            "killed \(Self.kills) times, seed \(seed): \(edits) drafts without their commit, \(interrupted) commits interrupted, 0 lost, 0 torn"
        )
    }

    /// Whether each commit of the journal is what the store says; returns how many were interrupted.
    private static func check(_ journal: SessionJournal, stored: Int?, _ place: Comment) async throws -> Int {
        var interrupted = 0
        for commit in try await journal.commits(limit: 20) {
            let step = try #require(commit.steps.first, place)
            guard case .put(let payload, _, _) = step.write.change else {
                Issue.record(place); continue
            }
            let number = try #require(Self.number(payload), place)
            #expect(!commit.isUnderWay, place)
            if commit.hasEnded {
                if case .written = step.outcome { #expect(stored ?? 0 >= number, place) }
                continue
            }
            interrupted += 1
            // Written or not, and nothing between: the number or the one before it.
            let before = step.before.flatMap { Self.number($0.payload) }
            #expect(stored == number || stored == before || (stored ?? 0) > number, place)
            try await journal.end(commit: commit.number, [step.id: stored ?? 0 >= number ? .written(nil) : .untouched])
        }
        return interrupted
    }

    private static func number(_ payload: [UInt8]) -> Int? {
        Int(String(decoding: payload.filter { (0x30...0x39).contains($0) }, as: UTF8.self))
    }

    private static func stored(_ folder: JournalFolder) async throws -> Int? {
        guard access(folder.databasePath, F_OK) == 0 else { return nil }
        let store = try await SQLiteStore.open(
            SQLiteAddress(path: folder.databasePath, mode: .create), clock: SystemClock())
        let key: RecordKey = "tidemark:shop:counter"
        let number = try await store.load([key])[key].flatMap { Self.number($0.payload) }
        await store.close()
        return number
    }

    /// Runs the writer until it has said some lines, and some time more; returns what it said.
    private static func runAndKill(
        _ folder: JournalFolder, first: Int, afterLines count: Int, nanoseconds: Int
    ) throws -> [String] {
        let writer = try #require(TmuxSession.product("journal-writer"), "it is built beside the tests")
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemFailure(code: errno) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        let pid = try spawn(
            [writer, folder.journalPath, folder.databasePath, String(first)], ends: [-1, ends[1], -1])
        close(ends[1])
        defer { close(ends[0]) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        func readMore() -> Bool {
            let read = read(ends[0], &buffer, buffer.count)
            if read > 0 { bytes += buffer[..<read] }
            return read > 0
        }
        while bytes.count(where: { $0 == 0x0A }) < count, readMore() {}
        // The moment is what is random here; there is no fact to wait for.
        var pause = timespec(tv_sec: 0, tv_nsec: nanoseconds)
        nanosleep(&pause, nil)
        kill(pid, SIGKILL)
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        while readMore() {}
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private struct SystemFailure: Error { var code: CInt }
}
