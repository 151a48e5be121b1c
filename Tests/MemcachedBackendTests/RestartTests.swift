import MemcachedBackend
import MemcachedServer
import SessionCore
import StoreLaws
import Testing

/// A memcached that is started again counts its revisions from 1: the number of another content may be ours.
@Suite struct RestartTests {
    /// What was loaded, and a server that was started again and holds other content of the same size and revision.
    private func restarted(_ server: MemcachedServer, _ store: MemcachedStore) async throws -> StoredRecord {
        try RawClient(port: server.port).set("k", "ours", flags: 2)
        let base = try #require(try await store.load(["k"])["k"])
        server.kill()
        try server.restart()
        try RawClient(port: server.port).set("k", "new!", flags: 2)
        return base
    }

    @Test(arguments: [RecordWrite.ExpiryChange.keep, .renew(.never), .renew(.seconds(60))])
    func `other content under the old revision is a conflict, and is left alone`(expiry: RecordWrite.ExpiryChange)
        async throws
    {
        let server = try MemcachedServer()
        let store = open(server)
        let base = try await restarted(server, store)
        let report = try await committed(replacement(base, "mine", expiry: expiry), store)
        guard case .conflict(.changed(let revision)) = report.outcomes["k"] else {
            Issue.record("came to \(report)")
            return
        }
        #expect(revision.number == base.revision.number, "the case this test is about did not come up")
        #expect(try await store.load(["k"])["k"]?.text == "new!")
        await store.close()
    }

    @Test func `a deletion of the old content leaves the new alone`() async throws {
        let server = try MemcachedServer()
        let store = open(server)
        let base = try await restarted(server, store)
        #expect(try await !committed(deletion(base), store).isComplete)
        #expect(try await store.load(["k"])["k"]?.text == "new!")
        await store.close()
    }

    /// Commits; the first try after a restart may meet the connection that the server left behind.
    private func committed(_ write: RecordWrite, _ store: MemcachedStore) async throws -> CommitReport {
        do {
            return try await store.commit([write])
        } catch  where error.isRetryable {
            return try await store.commit([write])
        }
    }
}
