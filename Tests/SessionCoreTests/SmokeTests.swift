import SessionCore
import Testing

@Suite struct SmokeTests {
    @Test func smoke() async throws {
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        let store = MemoryStore(name: "memory:", clock: clock)
        let container = try SessionContainer("carts", in: store, profile: SampleProfile(), timeout: 60, resolution: 10)
        let transaction = Transaction(clock: clock)
        let cart = try await transaction.open("id", in: container, packages: ["myData"])
        try cart.update { $0["myData"]["info"] = "kept" }
        #expect(try cart["myData"]["info"] == "kept")
        let point = try transaction.savepoint()
        try cart.update { draft in
            draft["myData"]["info"] = "dumped"
            draft["other"]["x"] = 1
        }
        #expect(try cart["other"]["x"] == 1)
        try point.rollback()
        #expect(try cart["myData"]["info"] == "kept")
        #expect(try cart["other"].isEmpty)
        try await transaction.commit()
        #expect(throws: SessionError.transaction(.ended)) { try cart["myData"]["info"] }
        let again = Transaction(clock: clock)
        let read = try await again.open("id", in: container)
        #expect(try read.value(at: "") == ["myData": ["info": "kept"]])
    }
}
