import SessionCore
import Testing

@Suite struct CodableCases {
    let world = SessionWorld()

    private struct Checkout: Codable, Equatable {
        var step: Int
        var items: [String]
        var note: String?
    }

    private let checkout = Checkout(step: 2, items: ["parrot", "cage"], note: nil)

    @Test(arguments: RecordGranularity.both)
    func `an instance goes in by its encoding and comes out equal, in this and in the next transaction`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(checkout, at: "/myData/checkout")
        #expect(try session.value(at: "/myData/checkout/items/1") == "cage")
        #expect(try session.value(at: "/myData/checkout", as: Checkout.self) == checkout)
        try session.set(3, at: "/myData/checkout/step")
        try await transaction.commit()
        let read = try await world.begin().open("id", in: carts, packages: ["myData"])
        let changed = Checkout(step: 3, items: ["parrot", "cage"], note: nil)
        #expect(try read.value(at: "/myData/checkout", as: Checkout.self) == changed)
        #expect(try read.value(at: "/myData/checkout/step", as: Int.self) == 3)
        #expect(try read.value(at: "/myData/checkout/items", as: [String].self) == ["parrot", "cage"])
    }

    @Test func `setting an equal instance again is clean`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        try await transaction.open("id", in: carts).set(checkout, at: "/myData/checkout")
        try await transaction.commit()
        let again = world.begin()
        let session = try await again.open("id", in: carts)
        try session.set(checkout, at: "/myData/checkout")
        #expect(!session.isDirty)
        #expect(try session.value(at: "/myData/checkout", orSet: Checkout(step: 9, items: [])) == checkout)
        #expect(try await world.trips { try await again.commit() } == [:])
    }

    @Test func `an initial value is made only where there is none, and is then set`() async throws {
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        var made = 0
        func initial() -> Checkout {
            made += 1
            return checkout
        }
        for _ in 0..<2 { #expect(try session.value(at: "/myData/checkout", orSet: initial()) == checkout) }
        #expect(made == 1)
        #expect(session.isDirty)
    }

    @Test func `a value that is no such instance is an error with its place, and stays what it is`() async throws {
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        try session.set(["step": "two", "items": []], at: "/myData/checkout")
        #expect {
            try session.value(at: "/myData/checkout", as: Checkout.self)
        } throws: { error in
            guard case .coding(let problem) = error as? SessionError else { return false }
            return problem.pointer == JSONPointer(tokens: ["step"])
        }
        #expect(throws: SessionError.self) { try session.value(at: "/myData/checkout", orSet: checkout) }
        #expect(try session.value(at: "/myData/checkout/step") == "two")
        #expect(throws: SessionError.place(.noKey(JSONPointer(tokens: ["myData", "none"])))) {
            try session.value(at: "/myData/none", as: Int.self)
        }
    }

    @Test func `what cannot be encoded is refused, and nothing is set`() async throws {
        struct Unwilling: Encodable {
            func encode(to encoder: any Encoder) throws {
                throw EncodingError.invalidValue(0, .init(codingPath: [], debugDescription: "it will not"))
            }
        }
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        #expect {
            try session.set(Unwilling(), at: "/myData/info")
        } throws: { "\($0)".contains("it will not") }
        #expect(!session.isDirty)
    }

    @Test func `plain values need no type, and text that is no pointer is an error`() async throws {
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        let name = "roger"
        try session.set(name, at: "/myData/name")
        try session.set(true, at: "/myData/flag")
        try session.set([1, 2], at: "/myData/numbers")
        try session.set(1.5, at: "/myData/price")
        try session.set(SessionValue.bytes([1]), at: "/myData/bytes")
        #expect(
            try session.value(at: "/myData")
                == ["name": "roger", "flag": true, "numbers": [1, 2], "price": 1.5, "bytes": .bytes([1])])
        for pointer in ["myData/name", "/myData/~2"] {
            #expect(throws: SessionError.self) { try session.set(1, at: pointer) }
            #expect(throws: SessionError.self) { try session.value(at: pointer) }
            #expect(throws: SessionError.self) { try session.contains(pointer) }
            #expect(throws: SessionError.self) { try session.remove(at: pointer) }
        }
    }
}
