import FaultProxy
import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCore
import Synchronization

/// A record as the server holds it, read past the proxy.
struct ServerRecord: Hashable, Sendable {
    var text: String
    var flags: UInt32
    var revision: UInt64
}

/// A server, a proxy in front of it, and a connection past the proxy.
final class FaultLane {
    private let server: MemcachedServer
    private let direct: RawClient
    let proxy: FaultProxy
    private let act: ForeignAct

    init() async throws {
        server = try MemcachedServer()
        direct = try RawClient(port: server.port)
        let act = ForeignAct(port: server.port)
        self.act = act
        proxy = try await FaultProxy(to: server.port) { direction, bytes in
            if direction == .toServer { act.look(at: bytes) }
        }
    }

    /// A store behind the proxy.
    func open(_ timeouts: MemcachedTimeouts) -> MemcachedStore {
        MemcachedStore(
            address: .tcp(host: "127.0.0.1", port: proxy.port), timeouts: timeouts, clock: SystemClock())
    }

    /// Makes the records what the scenario begins with.
    func prepare(_ scenario: FaultScenario) throws {
        let flags = FaultScenario.flags
        var commands = ""
        for change in scenario.changes {
            if let base = change.base {
                commands += "set \(change.key) \(flags) 3000 \(base.utf8.count) noreply\r\n\(base)\r\n"
            } else {
                commands += "delete \(change.key) noreply\r\n"
            }
        }
        try direct.ask(commands + "version\r\n")
    }

    /// What the server holds.
    func look(_ scenario: FaultScenario) throws -> [String: ServerRecord] {
        let keys = scenario.changes.map(\.key).joined(separator: " ")
        let lines = try direct.ask("gets \(keys)\r\n", until: ["END\r\n"]).split(separator: "\r\n")
        var records: [String: ServerRecord] = [:]
        for (line, payload) in zip(lines, lines.dropFirst()) where line.hasPrefix("VALUE ") {
            let words = line.split(separator: " ")
            records[String(words[1])] = ServerRecord(
                text: String(payload), flags: UInt32(words[2]) ?? 0, revision: UInt64(words[4]) ?? 0)
        }
        return records
    }

    /// Lets another writer change the victim when the first write comes by.
    func arm(_ foreign: FaultScenario.Foreign?) throws {
        act.arm(foreign == .beforeWriting)
        if foreign == .beforeCommit { try act.now() }
    }

    /// Whether the other writer has written.
    var hasActed: Bool { act.hasActed }

    /// Waits until the server has read everything that was sent to it, and ended those connections.
    ///
    /// It ends one when it has read the end of what was sent; of a connection that was reset only its own count tells.
    func settle(after kind: Fault.Kind) async throws {
        await proxy.waitUntilUnused()
        guard kind == .cut else { return }
        while try !direct.ask("stats\r\n", until: ["END\r\n"]).contains("STAT curr_connections 1\r\n") {
            await Task.yield()
        }
    }

    func stop() async throws { try await proxy.stop() }
}

/// Another writer, who comes between a check and the writes behind it.
private final class ForeignAct: Sendable {
    private let port: Int
    private let state = Mutex((isArmed: false, hasActed: false))

    init(port: Int) { self.port = port }

    var hasActed: Bool { state.withLock { $0.hasActed } }

    func arm(_ isArmed: Bool) { state.withLock { $0 = (isArmed, false) } }

    func look(at bytes: [UInt8]) {
        guard state.withLock({ $0.isArmed }), String(decoding: bytes, as: UTF8.self).contains("cas victim") else {
            return
        }
        try? now()
    }

    func now() throws {
        let client = try RawClient(port: port)
        try client.set("victim", FaultScenario.theirs, flags: FaultScenario.flags)
        state.withLock { $0 = (false, true) }
    }
}
