internal import ArgumentParser
internal import Hummingbird
internal import MemcachedBackend
internal import SessionClock
internal import Shop

/// Runs the shop.
@main
struct ShopServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shop-server",
        abstract: "A small shop whose carts are sessions, to be watched with tidemark beside it.",
        discussion: "STORE is host:port of a memcached, sqlite:///path, or memory:, which nobody else can see.")

    @Option(help: "Where it listens, on this machine only.") var port = 8080
    @Option(help: "Seconds after which an unused cart is gone.") var timeout: Int64 = 1800
    @Option(help: "Signs the client ids; with a random one, carts are lost when the shop starts again.") var secret:
        String?
    @Argument(help: "Where the carts are.") var store = "127.0.0.1:11211"

    func run() async throws {
        let clock = SystemClock()
        let opened = try await ShopApplication.StoreChoice(parsing: store).open(clock: clock)
        let secret = secret.map { Array($0.utf8) } ?? (0..<20).map { _ in UInt8.random(in: 0...255) }
        let application = try ShopApplication.make(
            store: opened, name: store, secret: secret, timeout: timeout, port: port, clock: clock
        ) { [store] port in
            print("The shop is open at http://127.0.0.1:\(port); see its sessions with: tidemark \(store)")
        }
        try await application.runService()
    }
}
