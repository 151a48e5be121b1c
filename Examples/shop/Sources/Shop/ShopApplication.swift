public import Hummingbird
internal import Logging
public import MemcachedBackend
public import SQLiteBackend
public import SessionCore
internal import SessionFormats
internal import SessionHTTP

/// The shop: a web application that keeps carts in a memcached, a database or this process.
public enum ShopApplication {
    /// Where the sessions are, as a user names it.
    public enum StoreChoice: Sendable {
        /// In this process, gone with it.
        case memory
        /// In a memcached.
        case memcached(MemcachedAddress)
        /// In a database file, which is made if it is missing.
        case sqlite(SQLiteAddress)

        /// Reads `memory:`, `host:port`, `memcached://…` or `sqlite:…`.
        public init(parsing text: String) throws {
            if text == "memory:" {
                self = .memory
            } else if text.hasPrefix("sqlite:") {
                var address = try SQLiteAddress(parsing: text)
                address.mode = .create
                self = .sqlite(address)
            } else {
                self = .memcached(try MemcachedAddress(parsing: text))
            }
        }

        /// Opens the store.
        public func open(clock: any WallClock) async throws -> any SessionStore {
            switch self {
            case .memory: MemoryStore(name: "memory:", clock: clock)
            case .memcached(let address): MemcachedStore(address: address, clock: clock)
            case .sqlite(let address): try await SQLiteStore.open(address, clock: clock)
            }
        }
    }

    /// The whole application.
    ///
    /// - Parameters:
    ///   - store: Where the sessions are.
    ///   - name: How the store is called, for the hint below each page.
    ///   - secret: Signs the client ids; with another one, clients lose their carts.
    ///   - timeout: Seconds after which an unused cart is gone.
    ///   - port: Where it listens, on this machine only; 0 for any free port.
    ///   - clock: The time.
    ///   - onRunning: Called with the port once it listens.
    /// - Returns: The application; `runService()` runs it.
    /// - Throws: If the store or the secret cannot be used.
    public static func make(
        store: any SessionStore, name: String, secret: [UInt8], timeout: Int64 = 1800, port: Int = 8080,
        clock: any WallClock, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let carts = try SessionContainer(
            "carts", in: store, profile: TidemarkProfile(), timeout: timeout, resolution: max(1, timeout / 10))
        let orders = try SessionContainer("orders", in: store, profile: TidemarkProfile(), timeout: 0)
        // Not Secure, because it is for this machine and speaks no TLS; everywhere else the default is right.
        let cookie = try CookieSettings(CookieName(namespace: "parrot_shop"), isSecure: false)
        let sessions = try SessionMiddleware(
            container: carts,
            clients: CookieClientIDManager(cookie: cookie, issuer: .signed(ClientIDSigner(secrets: [secret]))),
            retries: 3, clock: clock)
        let router = Router(context: ShopContext.self)
        router.add(middleware: SessionsMiddleware(sessions))
        ShopController(orders: orders, store: name).addRoutes(to: router)
        var logger = Logger(label: "shop")
        logger.logLevel = .warning
        return Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "shop"),
            onServerRunning: { await onRunning($0.localAddress?.port ?? port) }, logger: logger)
    }
}
