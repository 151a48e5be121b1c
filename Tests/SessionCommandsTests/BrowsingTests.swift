import OrderedCollections
import SessionCommands
import SessionCore
import Testing

@Suite struct BrowsingTests {
    private func index(_ keys: [RecordKey], batch: Int = 3) -> KeyIndex {
        var index = KeyIndex()
        var rest = keys[...]
        while !rest.isEmpty {
            let rows = rest.prefix(batch).map { ScanBatch.Row(key: $0, size: 10, expiry: .never) }
            rest = rest.dropFirst(batch)
            index.add(ScanBatch(rows), store: "s", catalog: .standard)
        }
        return index
    }

    private func titles(_ index: KeyIndex, _ container: ContainerID) -> [String] {
        index.sortedRows(of: container).map { index.row($0, of: container).session.title }
    }

    @Test(arguments: [1, 2, 3, 100])
    func `keys of a mixed store are grouped by their profile and container, however they come`(batch: Int) {
        let express = "sess:abcdefghijklmnopqrstuvwxyzABC-_9"
        let keys: [RecordKey] = [
            "tidemark:shop:2", RecordKey(express), "a:b:1", "plain", "tidemark:shop:1:cart", "tidemark:shop:1",
            "tidemark:shop:1:prefs",
            "sess:short", "a:b:0", "tidemark:other:1", "tidemark::1",
        ]
        let index = index(keys, batch: batch)
        #expect(index.keyCount == keys.count)
        let found = index.containers.keys.map {
            "\($0.profile) \($0.title) \(titles(index, $0).joined(separator: " "))"
        }.sorted()
        #expect(
            found == [
                "express sess abcdefghijklmnopqrstuvwxyzABC-_9", "plain (other) plain", "plain a:b 0 1",
                "plain sess short",
                "plain tidemark: 1", "tidemark other 1", "tidemark shop 1 2",
            ])
        #expect(index.containers.values.reduce(0) { $0 + $1.bytes } == 10 * keys.count)
        for container in index.containers.keys {
            for row in index.containers[container]?.rows ?? [] { #expect(index.container(of: row) == container) }
        }
    }

    @Test func `a key that a scan gives twice is one session`() {
        let index = index(["a:1", "a:2", "a:1", "tidemark:t:1:p", "tidemark:t:1:p"], batch: 2)
        for container in index.containers.keys {
            #expect(titles(index, container) == (container.profile == "plain" ? ["1", "2"] : ["1"]))
        }
    }

    @Test func `ids are found by any of their bytes, letters alike`() throws {
        let index = index(["a:Alpha", "a:beta", "a:ALPINE"])
        let container = try #require(index.containers.keys.first)
        let rows = index.sortedRows(of: container)
        #expect(index.rows(rows[...], containing: Array("alp".utf8)).count == 2)
        #expect(index.rows(rows[...], containing: Array("eta".utf8)).count == 1)
        #expect(index.rows(rows[...], containing: []).count == 3)
        #expect(index.rows(rows[...], containing: Array("a:".utf8)).isEmpty)
    }

    @Test func `200,000 keys are indexed at a steady cost and stay ordered`() {
        func time(_ count: Int) -> (Duration, KeyIndex) {
            var batches: [ScanBatch] = []
            for start in stride(from: 0, to: count, by: 1000) {
                var batch = ScanBatch()
                for number in start..<min(start + 1000, count) {
                    let key =
                        number % 3 == 0
                        ? "shop:\(number)" : number % 3 == 1 ? "tidemark:t:\(number)" : "other:x:\(number)"
                    batch.append(key: Array(key.utf8), size: 100, expirySeconds: -1)
                }
                batches.append(batch)
            }
            var index = KeyIndex()
            let spent = ContinuousClock().measure {
                for batch in batches { index.add(batch, store: "s", catalog: .standard) }
            }
            return (spent, index)
        }
        let (small, _) = time(25_000)
        let (large, index) = time(200_000)
        #expect(index.sessionCount == 200_000 && index.containers.count == 3)
        // Eight times the keys; a cost that grew with what is there already would be 64 times.
        #expect(large < small * 32 + .seconds(1), "\(small) for 25,000, \(large) for 200,000")
        for container in index.containers.keys {
            let ids = index.sortedRows(of: container).map { Array(index.sessionBytes($0)) }
            #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test(arguments: [
        ("*", 4), ("a*", 2), ("?b", 2), ("*b*", 3), ("ab", 1), ("", 0), ("a?", 1), ("*c", 2), ("**a**", 2), ("x*", 0),
    ])
    func `sessions are listed by a pattern`(glob: String, count: Int) async {
        var bench = Bench()
        for id in ["ab", "abc", "c", "b\u{301}b"] { await bench.put(RecordKey("shop:" + id), "{}") }
        await bench.run("attach memory:", "use shop plain")
        #expect(await bench.run(glob.isEmpty ? "sessions \"\"" : "sessions \(glob)").count == count + 1)
    }

    @Test func `numbers are short and exact enough`() {
        #expect(
            [0, 146, 999, 1000, 5222, 10_188, 1_023_000, 123_731_968].map(Quantities.bytes) == [
                "0", "146", "999", "1.0K", "5.1K", "9.9K", "999K", "118M",
            ])
        #expect(
            [0, 7, 999, 1000, 182_431, -1234].map { Quantities.count($0) } == [
                "0", "7", "999", "1,000", "182,431", "-1,234",
            ])
        #expect([0, 1, 2].map { Quantities.count($0, "record") } == ["0 records", "1 record", "2 records"])
        #expect(
            [-5, 45, 119, 120, 7199, 7200, 172_800].map(Quantities.duration) == [
                "0s", "45s", "119s", "2m", "119m", "2h", "2d",
            ])
        #expect(
            [.never, .seconds(90), .seconds(3600), .seconds(86_400), .seconds(61)].map(Quantities.lifetime) == [
                "never", "90s", "1h", "1d", "61s",
            ])
        #expect(
            [0, 4, 5, 184, 12_340].map(Quantities.milliseconds) == [
                "0.00 ms", "0.00 ms", "0.01 ms", "0.18 ms", "12.34 ms",
            ])
        #expect(Quantities.timeOfDay(Timestamp(seconds: 1_800_000_000)) == "08:00:00")
        #expect(Quantities.timeOfDay(Timestamp(milliseconds: -1)) == "23:59:59")
        #expect(Quantities.life(.at(Timestamp(seconds: 10)), at: Timestamp(seconds: 10)) == "gone")
    }

    @Test(arguments: [1, 40, 250, 4000, 86_400, 100_000, 3_153_600_000] as [Int64])
    func `a life is printed as it is typed`(seconds: Int64) throws {
        #expect(try Command.lifetime(Quantities.lifetime(.seconds(seconds))) == .seconds(seconds))
    }

    @Test func `values under keys that sound secret are masked, at any depth`() {
        for key in ["password", "Passwd", "csrf_token", "CSRFSecret", "api_key", "_auth_user_hash", "private_key"]
            as [SessionValue]
        {
            let isKnown = key != "_auth_user_hash"
            #expect(Secrets.isSecret(key) == isKnown, "\(key)")
        }
        for key in ["pass", "name", "tok", 7, .null] as [SessionValue] { #expect(!Secrets.isSecret(key)) }
        #expect(Secrets.isSecret(.bytes(Array("Password".utf8))))
        let value: SessionValue = [
            "user": ["name": "ada", "password": "x"], "list": [["token": 1]],
            "o": .object(className: "C", state: ["secret": 2]),
        ]
        let mask: SessionValue = .string(Secrets.mask)
        #expect(
            Secrets.masked(value) == [
                "user": ["name": "ada", "password": mask], "list": [["token": mask]],
                "o": .object(className: "C", state: ["secret": mask]),
            ])
    }
}
