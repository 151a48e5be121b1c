internal import HTTPTypes
internal import Hummingbird
internal import SessionCore
internal import SessionHTTP

/// The context of the shop's requests.
struct ShopContext: SessionRequestContext {
    var coreContext: CoreRequestContextStorage
    var sessions: SessionContext?
    var requestDecoder: URLEncodedFormDecoder { URLEncodedFormDecoder() }

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// The sessions of the client.
    var visit: SessionContext {
        get throws {
            guard let sessions else { throw HTTPError(.internalServerError, message: "SessionsMiddleware is missing") }
            return sessions
        }
    }
}

/// What the shop does with a client's cart.
struct ShopController {
    /// Where the orders of known customers are; their id there is the name they log in with.
    let orders: SessionContainer
    /// How the store is called, for the hint below each page.
    let store: String

    private struct Choice: Decodable {
        var item: String
    }
    private struct Login: Decodable {
        var name: String
    }

    func addRoutes(to router: Router<ShopContext>) {
        router.get("/") { _, context in try await show(context) }
        router.get("/orders") { _, context in try await showOrders(context) }
        router.post("/cart/add") { request, context in
            let item = try await request.decode(as: Choice.self, context: context).item
            guard Article.all[item] != nil else { throw HTTPError(.notFound, message: "There is no such article.") }
            return try await changeCart(context) { $0.add(item) }
        }
        router.post("/cart/remove") { request, context in
            let item = try await request.decode(as: Choice.self, context: context).item
            return try await changeCart(context) { $0.remove(item) }
        }
        router.post("/login") { request, context in try await logIn(request, context) }
        router.post("/logout") { _, context -> Response in
            try await context.visit.logOut()
            return .redirect(to: "/", type: .normal)
        }
        router.post("/order") { _, context in try await order(context) }
    }

    private func show(_ context: ShopContext) async throws -> Response {
        // Who only looks gets no session and no cookie.
        let session = try await context.visit.session(create: false)
        let cart = try session.map { try self.cart(in: $0) } ?? Cart()
        return ShopPage(
            cart: cart, user: try session.flatMap(user), sessionID: session?.id, store: store
        ).response
    }

    private func changeCart(_ context: ShopContext, _ change: (inout Cart) -> Void) async throws -> Response {
        let session = try await context.visit.session()
        var cart = try self.cart(in: session)
        change(&cart)
        try session.set(cart, at: "/cart")
        return .redirect(to: "/", type: .normal)
    }

    /// Anybody is who they say: this shop shows sessions, not passwords.
    private func logIn(_ request: Request, _ context: ShopContext) async throws -> Response {
        let name = try await request.decode(as: Login.self, context: context).name
        guard (1...40).contains(name.count), name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." }) else {
            throw HTTPError(.badRequest, message: "A name has up to 40 letters, digits and full stops.")
        }
        try await context.visit.logIn(as: name).set(name, at: "/user")
        return .redirect(to: "/", type: .normal)
    }

    /// Two sessions of two containers in one transaction: the cart is emptied and the order is there, or neither.
    private func order(_ context: ShopContext) async throws -> Response {
        let visit = try context.visit
        let session = try await visit.session()
        guard let name = try user(of: session) else { throw HTTPError(.forbidden, message: "Log in first.") }
        let cart = try self.cart(in: session)
        guard !cart.items.isEmpty else { throw HTTPError(.badRequest, message: "Your cart is empty.") }
        let customer = try await visit.transaction.open(name, in: orders)
        var list = try customer.value(at: "/orders", else: [Cart]())
        list.append(cart)
        try customer.set(list, at: "/orders")
        try session.set(Cart(), at: "/cart")
        return .redirect(to: "/orders", type: .normal)
    }

    private func showOrders(_ context: ShopContext) async throws -> Response {
        let visit = try context.visit
        guard let session = try await visit.session(create: false), let name = try user(of: session) else {
            throw HTTPError(.forbidden, message: "Log in first.")
        }
        let customer = try await visit.transaction.open(name, in: orders)
        let list = try customer.value(at: "/orders", else: [Cart]())
        return OrdersPage(orders: list, user: name, store: store).response
    }

    private func cart(in session: Session) throws -> Cart {
        try session.value(at: "/cart", else: Cart())
    }

    private func user(of session: Session) throws -> String? {
        try session.value(at: "/user", else: String?.none)
    }
}

extension Session {
    /// What is at a place, or something else where there is nothing yet.
    fileprivate func value<Value: Decodable>(at pointer: String, else missing: Value) throws -> Value {
        try contains(pointer) ? value(at: pointer, as: Value.self) : missing
    }
}
