internal import HTTPTypes
internal import Hummingbird

/// The only page with articles: what there is, and what is in the cart.
struct ShopPage {
    var cart: Cart
    var user: String?
    var sessionID: String?
    var store: String

    var response: Response {
        var body = "<h1>The Parrot Shop</h1>"
        if let user {
            body += "<p>Hello, \(html(user)). <a href='/orders'>Your orders</a></p>" + form("/logout", "Log out")
        } else {
            body +=
                "<form method='post' action='/login'><input name='name' placeholder='Name'><button>Log in</button></form>"
        }
        body += "<h2>Articles</h2><ul>"
        for (id, article) in Article.all.sorted(by: { $0.value.name < $1.value.name }) {
            body += "<li>\(html(article.name)), \(money(article.price)) \(form("/cart/add", "Add", item: id))</li>"
        }
        body += "</ul><h2>Your cart</h2><ul>"
        for id in cart.items.keys.sorted() {
            let name = html(Article.all[id]?.name ?? id)
            body += "<li>\(cart.count(of: id)) × \(name) \(form("/cart/remove", "Remove", item: id))</li>"
        }
        body += "</ul><p>\(money(cart.total))</p>"
        if user != nil, !cart.items.isEmpty { body += form("/order", "Order") }
        return page(body, sessionID: sessionID, container: "carts", store: store)
    }
}

/// What a customer has ordered.
struct OrdersPage {
    var orders: [Cart]
    var user: String
    var store: String

    var response: Response {
        let rows = orders.map { order in
            let items = order.items.sorted { $0.key < $1.key }.map { "\($0.value) × \(html($0.key))" }
            return "<li>\(items.joined(separator: ", ")): \(money(order.total))</li>"
        }
        let body = "<h1>Orders of \(html(user))</h1><ol>\(rows.joined())</ol><p><a href='/'>Back</a></p>"
        return page(body, sessionID: user, container: "orders", store: store)
    }
}

private func page(_ body: String, sessionID: String?, container: String, store: String) -> Response {
    let hint = sessionID.map { "session <code>\(html($0))</code> in <code>\(container)</code>" } ?? "no session yet"
    let text = """
        <!doctype html><html lang='en'><meta charset='utf-8'><title>The Parrot Shop</title>
        <style>body { font-family: sans-serif; max-width: 40em; margin: 2em auto } form { display: inline }</style>
        \(body)
        <hr><p><small>\(hint); see it with <code>tidemark \(html(store))</code></small></p></html>
        """
    return Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}

private func form(_ action: String, _ label: String, item: String? = nil) -> String {
    let field = item.map { "<input type='hidden' name='item' value='\(html($0))'>" } ?? ""
    return "<form method='post' action='\(action)'>\(field)<button>\(label)</button></form>"
}

private func money(_ cents: Int) -> String {
    "€ \(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
}

/// A text as it can stand anywhere in a page.
private func html(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.append(character)
        }
    }
}
