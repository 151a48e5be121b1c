import SessionCommands
import SessionCore
import SessionFormats
import Testing

/// Locks as they are looked at and taken, on a store in memory.
@Suite struct LockTests {
    private static let id = "02p9k4sts1d19sfejh3f81igkc"
    private static let key = RecordKey("memc.sess.key." + id)
    private static let lock = RecordKey("memc.sess.key.lock." + id)
    private static let text = "user|s:4:\"jdoe\";n|i:3;"

    private func bench(lock: String? = nil, lifetime: Lifetime = .seconds(12)) async -> Bench {
        var bench = Bench()
        await bench.put(Self.key, Self.text, lifetime: .seconds(1440))
        if let lock { await bench.put(Self.lock, lock, lifetime: lifetime) }
        await bench.run("attach memory:", "use memc.sess.key. php-memcached", "open \(Self.id)")
        return bench
    }

    @Test func `info and locks say whether a request holds the lock, and how long yet`() async throws {
        var bench = await bench(lock: "1")
        let words = "held, age unknown, expires in 12 s"
        #expect(await bench.run("locks") == ["lock \(Self.lock): \(words)"])
        #expect(await bench.run("info").last == "lock      \(words)")
        bench.clock.advance(milliseconds: 11_500)
        #expect(await bench.run("locks") == ["lock \(Self.lock): held, age unknown, expires in 1 s"])
        bench.clock.advance(milliseconds: 1000)
        #expect(await bench.run("locks") == ["lock \(Self.lock): free"])
        #expect(await bench.run("info").last == "lock      free")
    }

    @Test func `a lock without end is called what it is`() async throws {
        var bench = await bench(lock: "1", lifetime: .never)
        #expect(
            await bench.run("locks") == [
                "lock \(Self.lock): held, age unknown, never expires: a crashed request leaves it for ever"
            ])
    }

    @Test func `a lock that holds the moment it was taken has an age`() async throws {
        var bench = Bench()
        await bench.put("ci_session:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5", Self.text)
        await bench.put(
            "ci_session:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5:lock", "1799999997", flags: 1, lifetime: .seconds(297))
        await bench.run("attach memory:", "use ci_session", "open 2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5")
        #expect(await bench.run("locks").first?.hasSuffix("held, age 3 s, expires in 297 s") == true)
    }

    @Test func `what a released lock leaves is no held one`() async throws {
        var bench = Bench()
        await bench.put(RecordKey(Self.id), Self.text)
        await bench.put(RecordKey(Self.id + ".lock"), "0", flags: 768, lifetime: .seconds(15))
        await bench.run("attach memory:", "open \(Self.id)")
        #expect(await bench.run("locks").first?.contains(": free: the record of a released lock is left") == true)
        #expect(await bench.run("locks all").last?.contains(" held ") == false)
        await bench.run("set /n 4")
        #expect(await bench.run("commit --lock").first?.hasSuffix(", under its lock") == true)
        #expect(try await bench.text(RecordKey(Self.id + ".lock")) == "0")
        await bench.put(RecordKey(Self.id + ".lock"), "2", flags: 768, lifetime: .seconds(15))
        #expect(await bench.run("locks").first?.contains("held, age unknown, expires in 15 s") == true)
        await bench.run("set /n 5")
        #expect(try await bench.failure("commit --lock").message.contains("locked by a running request"))
    }

    @Test func `the locks of the container are listed, without those of others`() async throws {
        var bench = await bench(lock: "1", lifetime: .never)
        await bench.put("memc.sess.key.lock.inonf2dt4tj934bbd3ro7tim3p", "1", lifetime: .seconds(30))
        await bench.put("lock:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "locked", lifetime: .seconds(5))
        let lines = await bench.run("locks all")
        #expect(lines.count == 3 && lines[0].hasPrefix("lock "))
        #expect(lines[1].contains(Self.id) && lines[1].hasSuffix("never: a crashed request leaves it for ever"))
        #expect(lines[2].contains("inonf2dt4tj934bbd3ro7tim3p") && lines[2].contains("held   unknown  in 30 s"))
        await bench.run("use x plain")
        #expect(await bench.run("locks all") == ["no locks in x"])
    }

    @Test func `without a container in use the locks of all are listed`() async throws {
        var bench = Bench()
        await bench.put("lock:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "locked", lifetime: .seconds(5))
        await bench.put(Self.lock, "1")
        await bench.run("attach memory:")
        let lines = await bench.run("locks")
        #expect(lines.count == 3 && lines[1].split(separator: " ")[1] == "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1")
    }

    @Test func `a commit under a free lock takes and releases it`() async throws {
        var bench = await bench()
        await bench.run("set /n 4")
        #expect(await bench.run("commit --lock") == ["committed 1 record, 3 round trips, under its lock"])
        #expect(try await bench.text(Self.key)?.hasSuffix("n|i:4;") == true)
        #expect(try await bench.stored(Self.lock) == nil)
    }

    @Test func `a held lock refuses the commit at once, and the edits stay`() async throws {
        var bench = await bench(lock: "1")
        await bench.run("set /n 4")
        let failure = try await bench.failure("commit --lock")
        #expect(failure.status == .refused)
        #expect(
            failure.message.hasPrefix(
                "locked by a running request: \(Self.lock), held, age unknown, expires in 12 s. Nothing was written"))
        #expect(try await bench.text(Self.lock) == "1")
        #expect(try await bench.text(Self.key) == Self.text)
        #expect(await bench.run("status").contains("* \(Self.key) M1"))
    }

    @Test func `a conflict releases the lock too`() async throws {
        var bench = await bench()
        await bench.run("set /n 4", "writer set /n 9")
        #expect(try await bench.failure("commit --lock").status == .conflict)
        #expect(try await bench.stored(Self.lock) == nil)
        await bench.run("rollback base", "set /user \"x\"", "writer set /n 10")
        #expect(await bench.run("commit --merge --lock").last?.hasSuffix(", under its lock") == true)
        #expect(try await bench.text(Self.key)?.hasSuffix("n|i:10;") == true)
        #expect(try await bench.stored(Self.lock) == nil)
    }

    @Test func `sessions without a lock are named, and alone refuse the option`() async throws {
        var bench = await bench()
        await bench.run("set /n 4", "use shop plain", "open 1", "set /a 1")
        let lines = await bench.run("commit --lock")
        #expect(lines.first == "1 has no lock: the plain profile knows none")
        #expect(lines.last?.hasSuffix(", under its lock") == true)
        await bench.run("set /a 2")
        let failure = try await bench.failure("commit --lock")
        #expect(failure.status == .refused && failure.message.hasSuffix("Commit without --lock"))
        #expect(try await bench.failure("locks").status == .notFound)
        #expect(await bench.run("info").contains { $0.hasPrefix("lock") } == false)
    }

    @Test func `of two locks the one that was had is given back when the other is held`() async throws {
        let other = "inonf2dt4tj934bbd3ro7tim3p"
        var bench = await bench()
        await bench.put(RecordKey("memc.sess.key." + other), Self.text)
        await bench.put(RecordKey("memc.sess.key.lock." + other), "1")
        await bench.run("set /n 4", "open \(other)", "set /n 5")
        #expect(try await bench.failure("commit --lock").message.contains(other))
        #expect(try await bench.stored(Self.lock) == nil)
        #expect(try await bench.text(Self.key) == Self.text)
    }
}
