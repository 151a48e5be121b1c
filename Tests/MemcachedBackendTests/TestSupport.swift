import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCore
import StoreLaws
import Testing

/// Limits that no test meets by being slow: others may compute for seconds on the same threads.
let patient = MemcachedTimeouts(connect: 60_000, read: 60_000)

/// A store of its own on a server.
func open(_ server: MemcachedServer, timeouts: MemcachedTimeouts = patient) -> MemcachedStore {
    open(port: server.port, timeouts: timeouts)
}

/// A store on a loopback port.
func open(port: Int, timeouts: MemcachedTimeouts = patient) -> MemcachedStore {
    MemcachedStore(address: .tcp(host: "127.0.0.1", port: port), timeouts: timeouts, clock: SystemClock())
}

/// A write that adds a record.
func addition(_ key: RecordKey, _ payload: String, flags: UInt32 = 0, life: Lifetime = .never) -> RecordWrite {
    RecordWrite(
        key: key, expectation: .absent,
        change: .put(payload: Array(payload.utf8), flags: flags, expiry: .renew(life)))
}

/// A write that replaces a record's payload.
func replacement(
    _ record: StoredRecord, _ payload: String, expiry: RecordWrite.ExpiryChange = .keep
) -> RecordWrite {
    RecordWrite(
        key: record.key, expectation: .unchanged(record),
        change: .put(payload: Array(payload.utf8), flags: record.flags, expiry: expiry))
}

/// A write that deletes a record.
func deletion(_ record: StoredRecord) -> RecordWrite {
    RecordWrite(key: record.key, expectation: .unchanged(record), change: .delete)
}

/// The code of the store error some work ends with; nil if it succeeds.
func code(of work: () async throws -> Void) async -> StoreError.Code? {
    do {
        try await work()
        return nil
    } catch {
        if let error = error as? StoreError { return error.code }
        Issue.record("\(error) is no StoreError")
        return nil
    }
}

/// Waits until something is true, a minute at most.
func wait(until isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !isTrue() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it did not become true within 60 s")
            return
        }
        // A loop without a pause takes the threads that what it waits for needs.
        try await Task.sleep(for: .milliseconds(1))
    }
}

extension StoredRecord {
    /// The payload as text.
    var text: String { String(decoding: payload, as: UTF8.self) }
}
