internal import Console
internal import SessionCommands
internal import SessionCore

/// The sessions and the tour that are built into the program.
enum Demo {
    /// The limit of a memcached started without options: 1 MiB less its overhead.
    static let recordLimit = 1_048_576 - 59

    /// A store in memory with the demo's sessions.
    static func store(clock: any WallClock) async throws(CommandFailure) -> MemoryStore {
        let store = MemoryStore(name: "demo:", clock: clock, recordLimit: recordLimit, keyLimit: 250)
        for record in try DemoRecords.parse(text(PackageResources.demo_sessions)) {
            await store.loadInitialData(
                key: record.key, payload: record.payload, flags: record.flags, lifetime: record.lifetime)
        }
        return store
    }

    /// The tour of the demo.
    static var tour: Tour { Tour(parsing: text(PackageResources.tour_talk)) }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
