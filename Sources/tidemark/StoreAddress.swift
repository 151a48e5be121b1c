internal import MemcachedBackend
internal import SQLiteBackend
internal import SessionClock
internal import SessionCommands
internal import SessionCore
internal import SessionFormats

/// A store as it is named on the command line.
enum StoreAddress: Hashable, Sendable {
    /// The demo's sessions in memory.
    case demo
    /// An empty store in memory.
    case memory
    /// A memcached server.
    case memcached(MemcachedAddress)
    /// A database file.
    case sqlite(SQLiteAddress)

    /// Reads `demo:`, `memory:`, `host:port`, `memcached://host:port`, `unix:///path` or `sqlite:///path`.
    init(parsing text: String) throws(CommandFailure) {
        let shown = PrintableText.escaping(text)
        switch text {
        case "demo:": self = .demo
        case "memory:": self = .memory
        case _ where text.hasPrefix("memcached://") || text.hasPrefix("unix://"):
            self = .memcached(try Self.memcached(text))
        case _ where text.hasPrefix("sqlite:"):
            do throws(SQLiteAddressError) { self = .sqlite(try SQLiteAddress(parsing: text)) } catch {
                throw CommandFailure(.usage, error.description)
            }
        case _ where text.contains("://"):
            let scheme = PrintableText.escaping(String(text.prefix { $0 != ":" }))
            throw CommandFailure(
                .usage,
                "no store scheme \(scheme): in \(shown); stores are host:port, memcached://host:port, unix:///path, sqlite:///path, memory: and demo:"
            )
        case _ where text.contains(":"): self = .memcached(try Self.memcached(text))
        default:
            throw CommandFailure(
                .usage,
                "no command or store of that name: \"\(shown)\"; a store is host:port, memcached://host, unix:///path, sqlite:///path, memory: or demo:, "
                    + "and tidemark --help lists the commands")
        }
    }

    private static func memcached(_ text: String) throws(CommandFailure) -> MemcachedAddress {
        do throws(MemcachedAddressError) { return try MemcachedAddress(parsing: text) } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}

/// How stores are opened in this run of the program.
struct StoreOpening: Sendable {
    /// Whether writing is refused.
    var isReadOnly: Bool
    /// Whether `writer` works on every store, as in a check.
    var allowsWriter: Bool
    /// Names of stores that want theirs with every commit.
    var confirmedNames: Set<String> = []
    /// Milliseconds to wait for a connection and for an answer; nil for the usual time.
    var timeout: Int64?
    /// Stores by name, and profiles.
    var configuration: Configuration
    let clock = ShiftedClock(SystemClock())

    /// What the config file says of a store: all entries that are this very store, by whatever name or address it is opened.
    private func entries(of address: StoreAddress) -> [Configuration.NamedStore] {
        let place = address.place
        return configuration.stores.values.filter { (try? StoreAddress(parsing: $0.url))?.place == place }
    }

    /// Opens the store of an address, or of a name of the config file.
    func open(_ text: String) async throws(CommandFailure) -> OpenedStore {
        let store: any SessionStore
        let named = configuration.stores[text]
        let address = try StoreAddress(parsing: named?.url ?? text)
        let entries = entries(of: address)
        let isReadOnly = isReadOnly || entries.contains(where: \.isReadOnly)
        // The strictest of several entries, else the one that was named.
        let strictest = entries.map(\.mark).filter(\.wantsName).min { $0.name < $1.name }
        let mark = strictest ?? named?.mark ?? entries.map(\.mark).min { $0.name < $1.name }
        switch address {
        case .demo: store = try await Demo.store(clock: clock)
        case .memory: store = MemoryStore(name: "memory:", clock: clock, recordLimit: Demo.recordLimit, keyLimit: 250)
        case .memcached(let address):
            let timeouts = timeout.map { MemcachedTimeouts(connect: $0, read: $0) } ?? MemcachedTimeouts()
            store = MemcachedStore(address: address, timeouts: timeouts, clock: clock)
        case .sqlite(var address):
            // The journal and plans name stores by their addresses, which must not depend on the folder that one stands in.
            address.path = StoreAddress.resolved(address.path)
            // A store that is only read is opened so, and a file is not made for it.
            if isReadOnly { address.mode = .readOnly }
            do throws(StoreError) {
                store = try await SQLiteStore.open(
                    address, timeout: timeout ?? SQLiteStore.usualTimeout, clock: clock)
            } catch { throw CommandFailure(error) }
        }
        let isInMemory = address == .demo || address == .memory
        return OpenedStore(
            store: isReadOnly ? ReadOnlyStore(store) : store, allowsWriter: allowsWriter || isInMemory,
            isReadOnly: isReadOnly, mark: mark)
    }
}
