import MemcachedBackend
import MemcachedServer
import RandomValues
import SessionClock
import SessionModel
import StoreLaws
import Testing

@Suite struct SessionModelTests {
    /// A server and a store that all sequences share; each has containers of its own.
    private static let server = Result { try MemcachedServer() }

    /// Several parts, so that they run side by side.
    private static let seeds = RandomSource.seeds(4)

    @Test(arguments: seeds)
    func `random sequences on memcached do what whole copies of plain maps do`(seed: UInt64) async throws {
        let store = open(try Self.server.get())
        // Time goes on by the machine's clock; the ends of lives are minutes apart.
        let runner = SequenceRunner(movesTime: false) {
            SequenceRunner.Ground(store: store, clock: SystemClock(), tolerance: 60_000, advance: nil)
        }
        if let report = await runner.disagreement(seed: seed, sequences: 1000 / 4) { Issue.record("\(report)") }
        await store.close()
    }
}
