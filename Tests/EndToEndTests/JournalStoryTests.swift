import Glibc
import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    /// The terminal dies in the middle of work, and nothing is lost.
    @Suite struct JournalStoryTests {
        private static let key = "tidemark:own:x"

        private func edits(_ server: MemcachedServer, _ environment: [String: String?]) async throws -> ConsoleStory {
            let story = try ConsoleStory.open(server.address, environment: environment)
            try await story.sees("GEhl")
            try story.commands("key \(Self.key)")
            try await story.sees("{\"n\": 1}")
            try story.commands("set /a/step \"address\"")
            try await story.sees("A /a/step")
            try story.commands("savepoint half")
            try await story.sees("savepoint 1 half")
            try story.commands("set /a/note \"called support\"")
            try await story.sees("A /a/note")
            // The mark behind the number of operations is gone once the journal has the last of them.
            try await story.sees("2 ops |")
            return story
        }

        enum Death: CaseIterable {
            case killed, hungUp, terminated, terminalGone
        }

        @Test(arguments: Death.allCases)
        func `a program that is killed leaves its draft to the next`(death: Death) async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let folder = try TemporaryFile("")
            let environment: [String: String?] = ["XDG_STATE_HOME": folder.path + ".state"]
            let first = try await edits(server, environment)
            let program = try first.programID()
            switch death {
            case .killed: #expect(kill(program, SIGKILL) == 0)
            case .hungUp: #expect(kill(program, SIGHUP) == 0)
            case .terminated: #expect(kill(program, SIGTERM) == 0)
            case .terminalGone: first.terminal.kill()
            }
            try await Self.isGone(program)

            let second = try ConsoleStory.open(server.address, environment: environment)
            try await second.sees("Not committed when a program ended")
            try second.presses("Enter")
            try await second.sees("called support")
            try await second.sees("half")
            try await second.commits()
            try await second.sees("committed 1 record")
            #expect(
                try client.item(Self.key)?.value == #"{"a": {"n": 1, "step": "address", "note": "called support"}}"#)

            // Asked by another program, and taken back by a third.
            let shown = try await ProgramRun.run("history", "1", environment: environment)
            #expect(shown.lines.first?.hasSuffix("committed") == true, "\(shown)")
            #expect(shown.lines.contains("  A /a/step \"address\""), "\(shown)")
            let undone = try await ProgramRun.run(
                "run", server.address, input: "undo-commit 1\ncommit\n", environment: environment)
            #expect(
                undone.status == 0 && undone.lines.first == "undo of commit 1 is staged; commit writes it", "\(undone)")
            #expect(try client.item(Self.key)?.value == #"{"a": {"n": 1}}"#)
            let drafts = try await ProgramRun.run(
                "run", server.address, input: "drafts\n", environment: environment)
            #expect(drafts.lines == ["no drafts"])
        }

        private static func isGone(_ program: pid_t) async throws {
            let deadline = ContinuousClock.now + .seconds(20)
            while kill(program, 0) == 0 {
                guard ContinuousClock.now < deadline else { throw ProgramFailure(description: "it runs on") }
                try await Task.sleep(for: .milliseconds(3))
            }
        }

        @Test func `who quits and says so loses the edits, and nothing is offered`() async throws {
            let (server, _) = try MemcachedServer.withSessions()
            let folder = try TemporaryFile("")
            let environment: [String: String?] = ["XDG_STATE_HOME": folder.path + ".state"]
            let story = try await edits(server, environment)
            let program = try story.programID()
            try story.presses("q", "q")
            try await story.sees("would be lost")
            try story.presses("y")
            try await Self.isGone(program)
            let drafts = try await ProgramRun.run("run", server.address, input: "drafts\n", environment: environment)
            #expect(drafts.lines == ["no drafts"])
        }

        @Test func `without a journal nothing is kept, and nothing is written to the disk`() async throws {
            let (server, _) = try MemcachedServer.withSessions()
            let folder = try TemporaryFile("")
            let environment: [String: String?] = ["XDG_STATE_HOME": folder.path + ".state"]
            let script = "key \(Self.key)\nset /a/n 2\ncommit\nhistory\n"
            let run = try await ProgramRun.run(
                "run", "--no-journal", server.address, input: script, environment: environment)
            #expect(run.status == 5 && run.errors.contains("keeps no journal"), "\(run)")
            #expect(access(folder.path + ".state", F_OK) != 0)
        }

        @Test func `a plan is written to a file, read, and committed once`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let folder = try TemporaryFile("")
            let plan = folder.path + ".plan"
            defer { unlink(plan) }
            let script = "key \(Self.key)\nset /a/n 2\ncommit --plan \(plan)\nabort\n"
            let made = try await ProgramRun.run("run", server.address, input: script)
            #expect(made.status == 0, "\(made)")
            #expect(try client.item(Self.key)?.value == #"{"a": {"n": 1}}"#)
            var status = stat()
            #expect(stat(plan, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let dry = try await ProgramRun.run("apply", "--dry-run", plan)
            #expect(dry.status == 0 && dry.lines.contains("  M /a/n 1 -> 2"), "\(dry)")
            let applied = try await ProgramRun.run("apply", plan)
            #expect(applied.status == 0 && applied.lines.last?.hasPrefix("committed 1 record") == true, "\(applied)")
            #expect(try client.item(Self.key)?.value == #"{"a": {"n": 2}}"#)
            let again = try await ProgramRun.run("apply", plan)
            #expect(again.status == 4 && again.errors.contains("Nothing was written"), "\(again)")
        }

        @Test func `a store that is production is not written without its name`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let config = try TemporaryFile("[store.shop]\nurl = \"memcached://\(server.address)\"\nenv = \"prod\"\n")
            let script = "key \(Self.key)\nset /a/n 2\ncommit\n"
            // However it is spelled.
            let spellings = [
                "shop", server.address, "memcached://\(server.address)", "localhost:\(server.port)",
                "LOCALHOST:\(server.port)",
            ]
            for store in spellings {
                let refused = try await ProgramRun.run("run", "--config", config.path, store, input: script)
                #expect(refused.status == 5 && refused.errors.contains("shop is a production store"), "\(refused)")
            }
            #expect(try client.item(Self.key)?.value == #"{"a": {"n": 1}}"#)
            try config.write(Array("[store.shop]\nurl = \"memcached://\(server.address)\"\nread_only = true\n".utf8))
            for store in spellings {
                let refused = try await ProgramRun.run("run", "--config", config.path, store, input: script)
                #expect(refused.status == 5 && refused.errors.contains("read-only"), "\(refused)")
            }
            try config.write(Array("[store.shop]\nurl = \"memcached://\(server.address)\"\nenv = \"prod\"\n".utf8))
            let done = try await ProgramRun.run(
                "run", "--config", config.path, "--confirm", "shop", "shop", input: script)
            #expect(done.status == 0, "\(done)")
            #expect(try client.item(Self.key)?.value == #"{"a": {"n": 2}}"#)
        }
    }
}
