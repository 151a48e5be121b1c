import Glibc
import SessionCore
import SessionFormats
import Testing

/// The article's code is compiled, run, and the same as in the article.
@Suite struct CartsExampleTests {
    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    @Test func `a cart is empty, grows, and goes along at a login`() async throws {
        let store = MemoryStore(name: "carts", clock: clock)
        let carts = try Carts(store: store, clock: clock)
        #expect(try await carts.cart(of: "visitor") == Cart())
        try await carts.add("tea", for: "visitor")
        try await carts.add("tea", for: "visitor")
        try await carts.logIn("visitor", as: "ada")
        try await carts.logIn("nobody", as: "ada")
        #expect(try await carts.cart(of: "visitor") == Cart())
        #expect(try await carts.cart(of: "ada") == Cart(items: ["tea": 2]))
    }

    @Test func `carts filled by many at once lose nothing`() async throws {
        let carts = try Carts(store: MemoryStore(name: "carts", clock: clock), clock: clock)
        let clock = clock
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<20 {
                        try await withTransaction(clock: clock, retries: 1000) { transaction in
                            let session = try await transaction.open("v", in: carts.container)
                            var cart = try session.value(at: "/shop/cart", orSet: Cart())
                            cart.items["tea", default: 0] += 1
                            try session.set(cart, at: "/shop/cart")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await carts.cart(of: "v").items == ["tea": 160])
    }

    @Test func `the article shows this code`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let code = try text("/\(#filePath.split(separator: "/").dropLast().joined(separator: "/"))/CartsExample.swift")
        let article = try text("/\(root)/Sources/SessionCore/SessionCore.docc/BuildingASessionStore.md")
        let start = try #require(code.firstRange(of: "// article:\n"))
        let end = try #require(code.firstRange(of: "// end of the article's code"))
        #expect(article.contains("```swift\n" + code[start.upperBound..<end.lowerBound] + "```"))
    }

    private func text(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"), "\(path)")
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        return String(decoding: buffer[..<fread(&buffer, 1, buffer.count, file)], as: UTF8.self)
    }
}
