import SessionCommands
import SessionCore
import SessionFormats
import Testing

/// Opening a session by what a client or an application has in its hands.
@Suite struct LookingUpTests {
    private func bench() async -> Bench {
        var bench = Bench()
        await bench.put("sess:fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN", #"{"cookie":{},"cart":1}"#, flags: 2)
        await bench.put("session:oounFo7VZffMgRlfPGDyAu2D44yYFpTLNWs7xNz7m-4", #"{"user":"ann"}"#)
        await bench.put("tidemark:shop:roger.ineichen", #"{"item":"parrot"}"#)
        await bench.put("lock:x", "1")
        await bench.run("attach memory:", "containers")
        return bench
    }

    @Test(arguments: [
        "connect.sid=s%3AfJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.r1Yx8BJ%2FAHxJzfNMg",
        "\"Cookie: theme=dark; connect.sid=s%3AfJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.r1Yx8BJ; lang=en\"",
        "fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN",
    ])
    func `without a container in use, a cookie's name tells the framework, and its id the container`(
        text: String
    ) async throws {
        var bench = await bench()
        #expect(await bench.run("cookie \(text)", "get /cart").last == "1")
        #expect(bench.workspace.session?.session.container.profile == "express")
    }

    @Test(arguments: ["s:fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.abc", "mysid=s%3AfJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.abc"])
    func `with a container in use, a value alone or under another name is read as its framework writes it`(
        text: String
    ) async throws {
        var bench = await bench()
        #expect(await bench.run("use sess", "cookie \(text)", "get /cart").last == "1")
    }

    @Test func `cookies of which none is the session's are a question, and a cookie without a value is no session`()
        async throws
    {
        var bench = await bench()
        await bench.run("use sess")
        let which = try await bench.failure("cookie \"theme=dark; lang=en\"")
        #expect(which.status == .usage && which.message.contains("which of the cookies theme, lang"), "\(which)")
        #expect(which.message.contains("connect.sid"))
        let empty = try await bench.failure("cookie connect.sid=")
        #expect(empty.status == .usage && empty.message.contains("no value"), "\(empty)")
    }

    @Test func `a cookie that only its application can read is refused with the way out`() async throws {
        var bench = await bench()
        let failure = try await bench.failure("cookie laravel_session=eyJpdiI6IkFhIn0%3D")
        #expect(failure.status == .refused && failure.message.contains("APP_KEY"), "\(failure)")
    }

    @Test func `one name of two frameworks with two readings asks for the container`() async throws {
        var bench = await bench()
        let cookie = "session=oounFo7VZffMgRlfPGDyAu2D44yYFpTLNWs7xNz7m-4.13iOl8w4F0"
        let failure = try await bench.failure("cookie \(cookie)")
        #expect(failure.status == .usage && failure.message.contains("use"), "\(failure)")
        #expect(await bench.run("use session", "cookie \(cookie)", "get /user").last == "\"ann\"")
    }

    @Test func `a known session is opened by its principal`() async throws {
        var bench = await bench()
        #expect(await bench.run("use shop", "known roger.ineichen", "get /item").last == "\"parrot\"")
        #expect(await bench.run("known nobody").last?.contains("empty") == true)
    }

    @Test func `a stored key opens that record, whatever container is in use, and never makes one`() async throws {
        var bench = await bench()
        #expect(await bench.run("use sess", "key tidemark:shop:roger.ineichen", "get /item").last == "\"parrot\"")
        let missing = try await bench.failure("key tidemark:shop:nobody")
        #expect(missing.status == .notFound && missing.message.contains("no record"), "\(missing)")
        #expect(try await bench.failure("key \"\"").status == .usage)
    }

    @Test func `a digest in use as p01 opens as p01's`() async throws {
        var bench = await bench()
        let digest = "57323cc11912ce6c5c8da6651e8e95a9"
        let payload = try P01Profile().newRecord.format.encode(["info": "text"])
        await bench.store.loadInitialData(key: RecordKey(digest), payload: payload, flags: 0, lifetime: .never)
        #expect(await bench.run("use (other) p01", "key \(digest)", "get /info").last == "\"text\"")
        #expect(bench.workspace.session?.session.container.profile == "p01")
        #expect(await bench.run("known roger.ineichen cart", "get /cart/info").last == "\"text\"")
    }
}
