import MemcachedBackend
import OrderedCollections
import SessionCore
import SessionFormats

/// What the store costs beside a blocking socket that sends and receives the same bytes and does nothing with them.
struct MemcachedComparisons {
    private static let scannedKeys = 200_000
    private static let loadedKeys = 1_000

    private let port: Int
    private let store: MemcachedStore

    init(port: Int) {
        self.port = port
        store = MemcachedStore(address: .tcp(host: "127.0.0.1", port: port), clock: ManualClock(Timestamp(seconds: 0)))
    }

    func all() async throws -> [Comparison] {
        try fill()
        return [try await open(), try await loadMany(), try await commit(), try await scan()]
    }

    func close() async { await store.close() }

    /// Many small sessions, the first of which are read.
    private func fill() throws {
        let socket = try BlockingSocket(port: port)
        let value = String(decoding: try JSONFormat().encode(.map(SampleSession.map(keys: 10))), as: UTF8.self)
        for start in stride(from: 0, to: Self.scannedKeys, by: 1_000) {
            var batch = ""
            for number in start..<(start + 1_000) {
                batch += "ms \(Self.key(number)) \(value.utf8.count) q\r\n\(value)\r\n"
            }
            // `q` keeps all answers back but errors.
            let answer = try socket.ask(batch + "mn\r\n")
            guard answer == "MN\r\n" else { throw ComparisonError(description: "filling: \(answer)") }
        }
    }

    private static func key(_ number: Int) -> RecordKey { RecordKey("tidemark:carts:\(1_000_000 + number)") }

    private static func request(_ key: RecordKey) -> String { "mg \(key) k v f t c s u\r\n" }

    private func open() async throws -> Comparison {
        let key = Self.key(0)
        let id = RecordID(store: "bench", key: key)
        let ours = Side { times in
            var done = 0
            for _ in 0..<times {
                let stored = try await store.load([key])[key]
                let record = LoadedRecord(
                    id: id, stored: stored, profile: PlainProfile(), fallback: HexFormat(), lifetime: .never)
                done += record.tree.childCount == 10 ? 1 : 0
            }
            return done
        }
        return Comparison(
            what: "open a session of 10 keys, decoded", reference: "floor: blocking socket, the same bytes",
            ours: ours, theirs: try await floor(requests: Self.request(key)) { _ = try await store.load([key]) })
    }

    private func loadMany() async throws -> Comparison {
        let keys = (0..<Self.loadedKeys).map(Self.key)
        let ours = Side { times in
            var done = 0
            for _ in 0..<times where try await store.load(keys).count == keys.count { done += 1 }
            return done
        }
        return Comparison(
            what: "load 1,000 records at once", reference: "floor: blocking socket, the same bytes", ours: ours,
            theirs: try await floor(requests: keys.map(Self.request).joined()) { _ = try await store.load(keys) })
    }

    /// A blocking socket that sends these requests and reads as many bytes as the store gets for them.
    ///
    /// Fails if the store sends or receives another number of bytes.
    private func floor(requests: String, like load: () async throws -> Void) async throws -> Side {
        try await load()
        let before = await store.traffic()
        try await load()
        let after = await store.traffic()
        let socket = try BlockingSocket(port: port)
        let bytes = Array(requests.utf8)
        let count = after.bytesIn - before.bytesIn
        guard after.bytesOut - before.bytesOut == bytes.count, after.total - before.total == 1 else {
            throw ComparisonError(
                description: "the store sent \(after.bytesOut - before.bytesOut) bytes in "
                    + "\(after.total - before.total) round trips, the floor \(bytes.count) in one")
        }
        return Side { times in
            for _ in 0..<times {
                try socket.send(bytes)
                try socket.receive(count: count)
            }
            return times
        }
    }
}

extension MemcachedComparisons {
    private func commit() async throws -> Comparison {
        Comparison(
            what: "edit and commit an own session", reference: "floor: blocking socket, cas and mg in one write",
            ours: try await commitThroughStore(), theirs: try compareAndSwap())
    }

    private func commitThroughStore() async throws -> Side {
        let key = RecordKey("tidemark:own:1")
        let id = RecordID(store: "bench", key: key)
        let path = [ValueStep.key("key-9")]
        func loaded(_ stored: StoredRecord?) -> LoadedRecord {
            LoadedRecord(
                id: id, stored: stored, profile: TidemarkProfile(), fallback: HexFormat(), lifetime: .seconds(3_600))
        }
        let payload = Array(Notation.text(of: .map(SampleSession.map(keys: 10))).utf8)
        let new = RecordWrite(
            key: key, expectation: .absent, change: .put(payload: payload, flags: 0, expiry: .renew(.seconds(3_600))))
        _ = try await store.commit([new])
        var work = UnitOfWork()
        work.load(loaded(try await store.load([key])[key]))
        var number = 0
        let side = Side { times in
            var done = 0
            for _ in 0..<times {
                number += 1
                work.set(.integer(-number), at: path, of: id)
                let report = try await store.commit(try work.plan().writes(to: "bench"))
                guard case .written(let stored?) = report.outcomes[key] else { continue }
                work.load(loaded(stored))
                work.end()
                done += 1
            }
            return done
        }
        let before = await store.traffic().total
        guard try await side.run(10) == 10, await store.traffic().total - before == 10 else {
            throw ComparisonError(description: "ten commits of an own session did not take ten round trips")
        }
        return side
    }

    private func compareAndSwap() throws -> Side {
        let socket = try BlockingSocket(port: port)
        let value = Notation.text(of: .map(SampleSession.map(keys: 10)))
        guard try socket.ask("set floor 0 3600 \(value.utf8.count)\r\n\(value)\r\n") == "STORED\r\n" else {
            throw ComparisonError(description: "setting the floor's record failed")
        }
        // The `mg` behind each `cas` tells the revision that the next one needs, as it does for the store.
        var revision = try Self.revision(in: socket.ask("mg floor k v f t c s u\r\nmn\r\n", until: "MN\r\n"))
        return Side { times in
            for _ in 0..<times {
                let answer = try socket.ask(
                    "cas floor 0 3600 \(value.utf8.count) \(revision)\r\n\(value)\r\nmg floor k v f t c s u\r\n",
                    until: "\(value)\r\n")
                guard answer.hasPrefix("STORED\r\n") else { return 0 }
                revision = try Self.revision(in: answer)
            }
            return times
        }
    }

    private static func revision(in answer: String) throws -> Substring {
        let words = answer.split { $0 == " " || $0.isNewline }
        guard let word = words.first(where: { $0.first == "c" && UInt64($0.dropFirst()) != nil }) else {
            throw ComparisonError(description: "no revision in \(answer)")
        }
        return word.dropFirst()
    }

    private func scan() async throws -> Comparison {
        let ours = Side { times in
            var done = 0
            for _ in 0..<times {
                var columns = ScanBatch()
                for try await batch in store.scan() { columns.append(batch) }
                if columns.count >= Self.scannedKeys { done += 1 }
            }
            return done
        }
        let theirs = Side { times in
            for _ in 0..<times {
                let socket = try BlockingSocket(port: port)
                try socket.send(Array("lru_crawler metadump hash\r\n".utf8))
                let count = try socket.receive(until: Array("END\r\n".utf8))
                guard count > Self.scannedKeys * 20 else { return 0 }
            }
            return times
        }
        return Comparison(
            what: "scan 200,000 keys into columns", reference: "floor: blocking socket, bytes thrown away", ours: ours,
            theirs: theirs)
    }
}
