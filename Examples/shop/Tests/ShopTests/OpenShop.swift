import Foundation
import Hummingbird
import MemcachedBackend
import ServiceLifecycle
import SessionClock
import SessionCore
import SessionFormats
import Shop
import Testing

/// Where the carts of a test are.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite, memcached

    var testDescription: String { rawValue }
}

/// A shop that listens, with a store of its own.
struct OpenShop {
    let port: Int
    let clock: ShiftedClock
    let store: any SessionStore
    let memcached: Memcached?

    /// A browser that was never here.
    func browser() -> Curl { Curl(port: port) }

    /// What the store has of a session; nil if there is none.
    func stored(_ id: String, in container: String = "carts") async throws -> String? {
        let key = TidemarkProfile().key(container: Array(container.utf8), session: Array(id.utf8), package: nil)
        return try await store.load([key])[key].map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// Opens a shop, lets it be visited, and closes it.
    static func open(_ kind: StoreKind, timeout: Int64 = 1800, _ visit: (OpenShop) async throws -> Void) async throws {
        let clock = ShiftedClock(SystemClock())
        let folder = FileManager.default.temporaryDirectory.appending(path: "shop-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let memcached = kind == .memcached ? try await Memcached(in: folder) : nil
        let name =
            switch kind {
            case .memory: "memory:"
            case .sqlite: "sqlite://\(folder.path)/carts.sqlite3"
            case .memcached: "127.0.0.1:\(memcached?.port ?? 0)"
            }
        let store = try await ShopApplication.StoreChoice(parsing: name).open(clock: clock)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = try ShopApplication.make(
            store: store, name: name, secret: Array("Bicycle Repair Man".utf8), timeout: timeout, port: 0, clock: clock
        ) { port.yield($0) }
        let services = ServiceGroup(configuration: .init(services: [application], logger: application.logger))
        try await withThrowingTaskGroup { group in
            group.addTask {
                defer { port.finish() }
                try await services.run()
            }
            for await port in ports {
                let shop = OpenShop(port: port, clock: clock, store: store, memcached: memcached)
                do { try await visit(shop) } catch { Issue.record(error) }
                await services.triggerGracefulShutdown()
            }
            try await group.waitForAll()
        }
        await store.close()
    }
}
