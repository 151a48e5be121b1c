import OrderedCollections
import SessionCommands
import SessionCore
import Testing

/// The demo's files as they lie in the package.
enum DemoFiles {
    static func text(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(decoding: FileContent.bytes(of: "/\(root)/Assets/demo/\(path)"), as: UTF8.self)
    }
}

@Suite struct DemoTests {
    private func bench() async throws -> Bench {
        var bench = Bench()
        for record in try DemoRecords.parse(try DemoFiles.text("sessions/demo.sessions")) {
            await bench.store.loadInitialData(
                key: record.key, payload: record.payload, flags: record.flags, lifetime: record.lifetime)
        }
        await bench.run("attach memory:")
        return bench
    }

    @Test func `the demo has believable containers, and every session in them opens in its own format`() async throws {
        var bench = try await bench()
        let lines = await bench.run("containers")
        let names = lines.dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(names == ["(other)", "MemCacheSession", "cms:editor", "flask", "sess", "shop-carts"])
        for (id, container) in bench.workspace.store?.index.containers ?? [:] {
            #expect((id.name.isEmpty ? 2...2 : 5...15).contains(container.rows.count), "\(id.title)")
            for row in container.rows {
                guard let session = bench.workspace.store?.index.row(row, of: id).session else { continue }
                let reply = await bench.executor.finish(
                    try bench.workspace.open(session, now: bench.clock.now()), in: &bench.workspace)
                #expect(reply.failure == nil)
                let record = try #require(bench.workspace.session?.parts.first?.record)
                let loaded = try #require(bench.workspace.work.records[record])
                #expect(
                    (loaded.readOnlyReason == nil) == (loaded.format.name != "hex"),
                    "\(session.title): \(loaded.readOnlyReason ?? "")")
                if case .at = loaded.stored?.expiry {
                    #expect(loaded.stored?.expiry.isPast(at: bench.clock.now()) == false)
                }
            }
        }
    }

    @Test func `the tour runs to its end, refuses the lost commit, and keeps both writers' changes`() async throws {
        let talk = try DemoFiles.text("talks/tour.talk")
        var bench = try await bench()
        var failures: [SessionCommands.ExitStatus] = []
        var words = ""
        var stops = 0
        for line in talk.split(separator: "\n") where !line.hasPrefix("#") {
            guard line.hasPrefix("> ") else {
                words += (words.isEmpty ? "" : " ") + line
                continue
            }
            stops += 1
            #expect(!words.isEmpty && words.count <= 200, "\(line)")
            words = ""
            let reply = await bench.executor.run(line: String(line.dropFirst(2)), in: &bench.workspace)
            if let failure = reply.failure { failures.append(failure.status) }
        }
        #expect(failures == [.conflict])
        #expect(8...11 ~= stops)
        #expect(words.isEmpty)
        let cart = try #require(try await bench.text("shop-carts:4711"))
        #expect(cart.contains("\"quantity\":3,\"price\":4.9"))
        #expect(cart.contains("\"note\":\"Please ring twice.\""))
        #expect(cart.contains("\"price\":3.9}"))
        #expect(bench.workspace.work.isClean)
    }

    @Test(arguments: [
        "lovely-readme", "lovely-page", "p01", "score", "plone", "locks", "conflicts", "history", "counting/limits",
    ])
    func `a transcript of the documents holds, again and again`(name: String) async throws {
        let transcript = try Transcript(parsing: try DemoFiles.text("transcripts/\(name).transcript"))
        #expect(transcript.steps.count > 10)
        var bench = try await bench()
        for _ in 0..<3 {
            let difference = await bench.executor.check(transcript, in: &bench.workspace)
            #expect(difference == nil, "\(difference?.lines.joined(separator: "\n") ?? "")")
        }
        var empty = Bench()
        await empty.run("attach memory:")
        for _ in 0..<2 {
            let difference = await empty.executor.check(transcript, in: &empty.workspace)
            #expect(difference == nil, "\(difference?.lines.joined(separator: "\n") ?? "")")
        }
    }

    @Test func `a record is a header and a payload line`() throws {
        let text = """
            # who
            record a:1 flags=2 ttl=24h
            {"a":"# no comment"}

            record b\\xff flags=4294967295 ttl=never
            hex:00fF

            record empty flags=0 ttl=30
            hex:
            """
        #expect(
            try DemoRecords.parse(text) == [
                DemoRecord(
                    key: "a:1", payload: Array("{\"a\":\"# no comment\"}".utf8), flags: 2, lifetime: .seconds(86_400)),
                DemoRecord(key: RecordKey([0x62, 0xFF]), payload: [0, 0xFF], flags: .max, lifetime: .never),
                DemoRecord(key: "empty", payload: [], flags: 0, lifetime: .seconds(30)),
            ])
        #expect(try DemoRecords.parse("") == [])
    }

    @Test(arguments: [
        ("record a flags=0\nx", "line 1: expected record KEY"), ("{}", "line 1: expected record KEY"),
        ("record a flags=-1 ttl=never\nx", "line 1: expected record KEY"),
        ("\nrecord a flags=0 ttl=soon\nx", "line 2: soon is no duration"),
        ("record a flags=0 ttl=1h", "line 1: the record has no payload"),
        ("record a flags=0 ttl=1h\nhex:0", "line 2: hex: takes two"),
        ("record a flags=0 ttl=1h\nhex:+f", "line 2: hex:"),
        ("record a flags=0 ttl=1h\nx\nrecord a flags=0 ttl=1h\ny", "line 3: the key a came before"),
    ])
    func `what is no record is refused with its line`(text: String, message: String) {
        #expect {
            try DemoRecords.parse(text)
        } throws: { error in
            (error as? CommandFailure).map { $0.status == .usage && $0.message.hasPrefix(message) } ?? false
        }
    }
}
