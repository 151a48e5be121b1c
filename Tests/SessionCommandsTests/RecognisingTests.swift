import SessionCommands
import SessionCore
import SessionFormats
import Testing

@Suite struct RecognisingTests {
    private static let digest = "57323cc11912ce6c5c8da6651e8e95a9"

    /// A pickle of p01.session under a digest, a session of PHP's older handler under its bare id, and a note.
    private func bench() async throws -> Bench {
        var bench = Bench()
        let p01 = try P01Profile().newRecord.format.encode(["info": "text"])
        await bench.store.loadInitialData(
            key: RecordKey(Self.digest), payload: p01, flags: 0, lifetime: .never)
        await bench.put("qd7kn9bqsj9h25ona0p5vtue09", "user|s:4:\"jdoe\";")
        await bench.put("note", "hello")
        await bench.run("attach memory:", "containers")
        return bench
    }

    private func rows(_ bench: Bench) throws -> [KeyIndex.Row] {
        let index = try #require(bench.workspace.store?.index)
        return index.containers.flatMap { id, container in container.rows.map { index.row($0, of: id) } }
    }

    @Test func `records whose keys do not tell are known by their payloads, in one round trip`() async throws {
        var bench = try await bench()
        let rows = try rows(bench)
        let trips = bench.workspace.store?.traffic.total ?? 0
        #expect(rows.map { bench.workspace.profile(of: $0.session)?.name }.contains("p01") == false)
        let reply = bench.workspace.recognise(rows)
        #expect(reply.effects.count == 1)
        _ = await bench.executor.finish(reply, in: &bench.workspace)
        let names = rows.map { bench.workspace.profile(of: $0.session)?.name ?? "" }
        #expect(Set(names) == ["p01", "php-memcache", "plain"])
        #expect(bench.workspace.store?.traffic.total == trips + 1)
        #expect(bench.workspace.recognise(rows).effects.isEmpty, "asked once")
    }

    @Test func `a digest is opened by id and package, and by itself`() async throws {
        var bench = try await bench()
        #expect(await bench.run("use (other) p01", "open roger.ineichen cart", "get /cart/info").last == "\"text\"")
        #expect(await bench.run("open \(Self.digest)", "get /info").last == "\"text\"")
    }

    @Test func `where a session is its packages alone, nothing is put beside them`() async throws {
        var bench = try await bench()
        let use = try await bench.failure("use p01")
        #expect(use.message.contains("p01 is a profile: use NAME p01"), "\(use)")
        await bench.run("use (other) p01")
        let open = try await bench.failure("open roger.ineichen")
        #expect(open.status == .usage && open.message.contains("open roger.ineichen PACKAGE"), "\(open)")
        await bench.run("open roger.ineichen cart")
        let set = try await bench.failure("set /n 6")
        #expect(set.status == .refused && set.message.contains("/n would be read by nobody"), "\(set)")
        #expect(bench.workspace.work.isClean)
        await bench.run("set /cart/n 6")
        #expect(!bench.workspace.work.isClean)
        await bench.run("abort", "open \(Self.digest)", "set /n 6")
        #expect(!bench.workspace.work.isClean, "a package opened by its stored key is the record itself")
    }
}
