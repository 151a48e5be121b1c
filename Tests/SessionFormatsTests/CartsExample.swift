import SessionCore
import SessionFormats

// The article "Build a session store in 30 lines" shows what stands between the two marks; a test compares them.
// article:
struct Cart: Codable, Hashable {
    var items: [String: Int] = [:]
}

struct Carts {
    let clock: any WallClock
    let container: SessionContainer

    init(store: any SessionStore, clock: any WallClock) throws {
        self.clock = clock
        container = try SessionContainer("carts", in: store, profile: TidemarkProfile(), timeout: 3600)
    }

    func cart(of visitor: String) async throws -> Cart {
        try await withTransaction(clock: clock) { transaction in
            let session = try await transaction.open(visitor, in: container)
            return try session.contains("/shop/cart") ? session.value(at: "/shop/cart", as: Cart.self) : Cart()
        }
    }

    func add(_ item: String, for visitor: String) async throws {
        try await withTransaction(clock: clock) { transaction in
            let session = try await transaction.open(visitor, in: container)
            var cart = try session.value(at: "/shop/cart", orSet: Cart())
            cart.items[item, default: 0] += 1
            try session.set(cart, at: "/shop/cart")
        }
    }

    func logIn(_ visitor: String, as user: String) async throws {
        try await withTransaction(clock: clock) { transaction in
            _ = try await transaction.open(visitor, in: container, create: false)?.move(to: user)
        }
    }
}
// end of the article's code
