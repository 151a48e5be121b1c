import SessionCore

/// Decides everything about one connection: when to make it, what to send, what each answer belongs to, when to
/// give it up.
///
/// Batches are pipelined: a later one is sent without waiting for the answer to an earlier one, and answers come in
/// the order of the commands. Once that order is in doubt (a time-out, a cancelled batch, an answer that does not
/// fit) the connection is dropped and never used again, and all that was on its way fails.
struct ConnectionStateMachine: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        case down
        case pausing(until: MonotonicTime)
        case connecting(deadline: MonotonicTime)
        case open
        case shut
    }

    private struct Flight: Hashable {
        var batch: ConnectionBatch
        var replies: [MemcachedReply] = []
        var statistics: [String: String] = [:]
        var sent: MonotonicTime
        var bytesOut: Int
        var bytesIn = 0

        func cost(at now: MonotonicTime) -> BatchCost {
            BatchCost(bytesOut: bytesOut, bytesIn: bytesIn, microseconds: now.microseconds - sent.microseconds)
        }
    }

    private(set) var phase: Phase = .down
    /// Counts connections, so that news of an earlier one is told apart.
    private(set) var generation = 0
    private(set) var backoff = ReconnectBackoff()
    private let timeouts: MemcachedTimeouts
    private var queue: [ConnectionBatch] = []
    private var flights: [Flight] = []
    private var parser = ReplyParser()
    private var lastActivity = MonotonicTime(microseconds: 0)

    init(timeouts: MemcachedTimeouts) {
        self.timeouts = timeouts
    }

    /// The connection that can be used now; nil if one would have to be made.
    var openGeneration: Int? { phase == .open ? generation : nil }

    /// When `timePassed` is due; nil if time changes nothing.
    var nextDeadline: MonotonicTime? {
        switch phase {
        case .down, .shut: nil
        case .pausing(let end): end
        case .connecting(let deadline): deadline
        case .open: lastActivity.adding(milliseconds: flights.isEmpty ? timeouts.idle : timeouts.read)
        }
    }

    mutating func event(_ event: ConnectionEvent, at now: MonotonicTime) -> [ConnectionAction] {
        switch event {
        case .submit(let batch): return submit(batch, now)
        case .cancel(let id): return cancel(id, now)
        case .timePassed: return timePassed(now)
        case .shutdown: return shutdown(now)
        case .connected(let number) where number == generation: return connected(now)
        case .connectFailed(let number, let reason) where number == generation:
            return drop(.unreachable, "no connection: \(reason)", now)
        case .received(let number, let bytes) where number == generation: return received(bytes, now)
        case .closed(let number, let reason) where number == generation: return closed(reason, now)
        case .connected(let number): return [.close(generation: number)]
        case .connectFailed, .received, .closed: return []
        }
    }
}

extension ConnectionStateMachine {
    private mutating func submit(_ batch: ConnectionBatch, _ now: MonotonicTime) -> [ConnectionAction] {
        switch phase {
        case .shut:
            return [.fail(batch, Self.shutFailure, BatchCost())]
        case .pausing, .connecting:
            queue.append(batch)
            return []
        case .open:
            return [.write(send([batch], now))]
        case .down:
            queue.append(batch)
            if let end = backoff.pauseEnd, now < end {
                phase = .pausing(until: end)
                return []
            }
            return connect(now)
        }
    }

    private mutating func connect(_ now: MonotonicTime) -> [ConnectionAction] {
        generation += 1
        phase = .connecting(deadline: now.adding(milliseconds: timeouts.connect))
        return [.connect(generation: generation)]
    }

    private mutating func connected(_ now: MonotonicTime) -> [ConnectionAction] {
        guard case .connecting = phase else { return [.close(generation: generation)] }
        phase = .open
        parser = ReplyParser()
        let greeting = ConnectionBatch(id: .greeting, purpose: .facts, requests: ServerFacts.questions)
        defer { queue = [] }
        return [.write(send([greeting] + queue, now))]
    }

    private mutating func send(_ batches: [ConnectionBatch], _ now: MonotonicTime) -> [UInt8] {
        var bytes: [UInt8] = []
        for batch in batches {
            let before = bytes.count
            for request in batch.requests { request.encode(into: &bytes) }
            // Waiting begins with the first batch that is on its way; one behind it must not prolong that.
            if flights.isEmpty { lastActivity = now }
            flights.append(Flight(batch: batch, sent: now, bytesOut: bytes.count - before))
        }
        return bytes
    }

    private mutating func received(_ bytes: [UInt8], _ now: MonotonicTime) -> [ConnectionAction] {
        guard phase == .open else { return [] }
        lastActivity = now
        parser.append(bytes)
        var actions: [ConnectionAction] = []
        do {
            try readReplies(into: &actions, now)
        } catch {
            actions += drop(error.code, error.detail, now)
        }
        return actions
    }

    private mutating func readReplies(
        into actions: inout [ConnectionAction], _ now: MonotonicTime
    ) throws(ReplyProblem) {
        while let unit = try nextUnit() {
            guard !flights.isEmpty else { throw Self.unasked }
            let index = flights[0].replies.count
            let request = flights[0].batch.requests[index]
            guard let reply = try request.answer(unit, statistics: &flights[0].statistics) else { continue }
            flights[0].statistics = [:]
            flights[0].replies.append(reply)
            if case (.settings, .statistics(let settings)) = (request, reply) {
                parser.valueLimit = ServerFacts.largestItem(in: settings)
            }
            guard flights[0].replies.count == flights[0].batch.requests.count else { continue }
            let flight = flights.removeFirst()
            if flight.batch.id == .greeting { backoff.succeeded() }
            actions.append(.complete(flight.batch, flight.replies, flight.cost(at: now)))
        }
        guard !flights.isEmpty || parser.isEmpty else { throw Self.unasked }
    }

    private mutating func nextUnit() throws(ReplyProblem) -> ReplyUnit? {
        let before = parser.consumed
        defer { if !flights.isEmpty { flights[0].bytesIn += parser.consumed - before } }
        do {
            return try parser.next()
        } catch {
            throw ReplyProblem(
                code: .nonsense,
                detail: "sent \(error.detail); the connection was dropped. Is this a memcached server?")
        }
    }

    private mutating func closed(_ reason: String, _ now: MonotonicTime) -> [ConnectionAction] {
        // A server may close a connection that has nothing to do; the next request makes one.
        guard !flights.isEmpty else {
            phase = phase == .shut ? .shut : .down
            return []
        }
        return drop(.disconnected, "the connection ended before the answer did: \(reason)", now)
    }

    private mutating func timePassed(_ now: MonotonicTime) -> [ConnectionAction] {
        guard let deadline = nextDeadline, now >= deadline else { return [] }
        switch phase {
        case .down, .shut:
            return []
        case .pausing:
            return connect(now)
        case .connecting:
            return drop(.timedOut, "no connection within \(timeouts.connect) ms. Is the address right?", now)
        case .open where flights.isEmpty:
            phase = .down
            return [.close(generation: generation)]
        case .open:
            return drop(.timedOut, "no answer for \(timeouts.read) ms; the connection was dropped. Try again.", now)
        }
    }

    private mutating func cancel(_ id: BatchID, _ now: MonotonicTime) -> [ConnectionAction] {
        let failure = BatchFailure(code: .cancelled, detail: "the request was given up.", wasSent: false)
        if let index = queue.firstIndex(where: { $0.id == id }) {
            return [.fail(queue.remove(at: index), failure, BatchCost())]
        }
        guard let index = flights.firstIndex(where: { $0.batch.id == id }) else { return [] }
        let flight = flights.remove(at: index)
        let sentFailure = BatchFailure(
            code: .cancelled, detail: failure.detail, wasSent: true, replies: flight.replies)
        return [.fail(flight.batch, sentFailure, flight.cost(at: now))]
            + drop(.disconnected, "the connection was dropped with a request that was given up. Try again.", now)
    }

    private mutating func shutdown(_ now: MonotonicTime) -> [ConnectionAction] {
        guard phase != .shut else { return [] }
        let actions = drop(Self.shutFailure.code, Self.shutFailure.detail, now)
        phase = .shut
        return actions
    }

    /// Gives the connection up: everything on its way or waiting for it fails.
    private mutating func drop(_ code: StoreError.Code, _ detail: String, _ now: MonotonicTime) -> [ConnectionAction] {
        var actions: [ConnectionAction] = [.close(generation: generation)]
        for flight in flights {
            let failure = BatchFailure(code: code, detail: detail, wasSent: true, replies: flight.replies)
            actions.append(.fail(flight.batch, failure, flight.cost(at: now)))
        }
        for batch in queue {
            actions.append(.fail(batch, BatchFailure(code: code, detail: detail, wasSent: false), BatchCost()))
        }
        flights = []
        queue = []
        parser = ReplyParser()
        phase = .down
        generation += 1
        backoff.failed(at: now)
        return actions
    }

    private static let shutFailure = BatchFailure(
        code: .disconnected, detail: "the store was closed. Open it again.", wasSent: false)
    private static let unasked = ReplyProblem(
        code: .nonsense,
        detail: "sent an answer that nothing asked for; the connection was dropped. Is this a memcached server?")
}
