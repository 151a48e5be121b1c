import SessionCore
import Testing

/// The order of calls in a commit, and who is told of its failure.
@Suite struct TransactionPhaseTests {
    private let log = CallLog()

    private func participant(
        _ name: String, _ order: CommitOrder = .undoable, failsAt phase: SampleParticipant.Phase? = nil
    ) -> SampleParticipant {
        SampleParticipant(name: name, commitOrder: order, log: log, failsAt: phase)
    }

    @Test func `every participant is through a phase before any enters the next, undoable ones first, then by name`()
        async throws
    {
        let transaction = try Transaction.sample(
            participant("z"), participant("c", .oneShot), participant("b"), participant("m"))
        #expect(try await transaction.commit() == [])
        #expect(
            log.all
                == ["begin", "commit", "vote", "finish"].flatMap { phase in
                    ["b", "m", "z", "c"].map { "\($0).\(phase)" }
                })
    }

    @Test func `a commit that nothing joined succeeds, and ends the transaction`() async throws {
        let transaction = try Transaction.sample()
        #expect(try await transaction.commit() == [])
        #expect(transaction.hasEnded && !transaction.isOpen)
    }

    @Test(arguments: SampleParticipant.Phase.allCases, ["a", "b", "c"])
    func `a failure aborts all that began, the failed one too, last first, and leaves the transaction open`(
        phase: SampleParticipant.Phase, failing: String
    ) async throws {
        let transaction = try Transaction.sample()
        for name in ["c", "a", "b"] { try transaction.join(participant(name, failsAt: name == failing ? phase : nil)) }
        let cause = ParticipantError(participant: failing, kind: .refused("no"))
        await #expect(throws: TransactionError.participant(cause)) { try await transaction.commit() }
        let begun = phase == .begin ? Array(["a", "b", "c"].prefix { $0 <= failing }) : ["a", "b", "c"]
        let aborts = log.all.drop { !$0.hasSuffix(".abort") }
        #expect(Array(aborts) == begun.reversed().map { "\($0).abort" })
        #expect(log.all.dropLast(aborts.count).last == "\(failing).\(phase.rawValue)")
        #expect(!log.all.contains { $0.hasSuffix(".finish") || $0.hasSuffix(".discard") })
        #expect(transaction.isOpen)
        await #expect(throws: TransactionError.participant(cause)) { try await transaction.commit() }
    }

    @Test(arguments: SampleParticipant.Phase.allCases, ["a", "b", "c"])
    func `after a failed commit, an abort tells every participant once, in the order of joining`(
        phase: SampleParticipant.Phase, failing: String
    ) async throws {
        let transaction = try Transaction.sample()
        for name in ["c", "a", "b"] { try transaction.join(participant(name, failsAt: name == failing ? phase : nil)) }
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["c.discard", "a.discard", "b.discard"])
    }

    @Test(arguments: SampleParticipant.Phase.allCases)
    func `where one fails, those behind it in that phase are not called`(phase: SampleParticipant.Phase) async throws {
        let transaction = try Transaction.sample(participant("a"), participant("b", failsAt: phase), participant("c"))
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(log.all.contains("a.\(phase.rawValue)") && !log.all.contains("c.\(phase.rawValue)"))
    }

    @Test func `participants without writes take no part in a commit, but are told of an abort`() async throws {
        var idle = participant("idle")
        idle.writes = false
        let transaction = try Transaction.sample(idle, participant("b"))
        try await transaction.commit()
        #expect(!log.all.contains { $0.hasPrefix("idle") })
        log.clear()
        let other = try Transaction.sample(idle)
        try await other.abort()
        #expect(log.all == ["idle.discard"])
    }

    @Test func `a commit says what is in doubt, and every participant gets to finish`() async throws {
        var first = participant("a")
        var last = participant("c")
        first.doubt = "the disk is full"
        last.doubt = "nobody answers"
        let transaction = try Transaction.sample(last, participant("b"), first)
        let inDoubt = try await transaction.commit()
        #expect(
            inDoubt == [
                InDoubt(participant: "a", cause: "the disk is full"),
                InDoubt(participant: "c", cause: "nobody answers"),
            ])
        #expect(log.all.suffix(3) == ["a.finish", "b.finish", "c.finish"])
        #expect(!log.all.contains { $0.hasSuffix(".abort") }, "what is decided is not taken back")
        #expect(transaction.hasEnded)
    }

    @Test func `one that joined already stays as it is`() async throws {
        let transaction = try Transaction.sample(participant("a"), participant("a", failsAt: .vote))
        try await transaction.commit()
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test func `two stores that cannot take back are refused by name before anything is called`() async throws {
        let transaction = try Transaction.sample(
            participant("two", .oneShot), participant("one", .oneShot), participant("u"))
        await #expect {
            try await transaction.commit()
        } throws: { error in
            error as? TransactionError == .severalOneShotStores(["one", "two"]) && "\(error)".contains("one, two")
        }
        #expect(log.all.isEmpty && transaction.isOpen)
        try await transaction.abort()
        #expect(log.all == ["two.discard", "one.discard", "u.discard"])
    }

    @Test func `of two stores that cannot take back, one may have writes`() async throws {
        var reader = participant("two", .oneShot)
        reader.writes = false
        let transaction = try Transaction.sample(reader, participant("one", .oneShot))
        try await transaction.commit()
        #expect(log.all == ["one.begin", "one.commit", "one.vote", "one.finish"])
    }
}
