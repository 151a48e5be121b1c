import NIOCore
import NIOPosix
import SessionCore

/// The connection for requests: does what its machine says, on the event loop the channel lives on.
///
/// The actor's executor is that event loop, so the channel's handler calls it without a thread hop and in order.
actor MemcachedLink {
    private let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    private let address: MemcachedAddress
    private let timeouts: MemcachedTimeouts
    private let clock: any WallClock
    private let log: TrafficLog
    private var machine: ConnectionStateMachine
    private var channels: [Int: any Channel] = [:]
    private var waiting: [BatchID: CheckedContinuation<Result<BatchAnswer, BatchFailure>, Never>] = [:]
    private var lastID: UInt64 = 0
    private var wakeUp: Scheduled<Void>?
    private var wakeUpTime: MonotonicTime?

    /// What the server told when it was last asked.
    private(set) var facts: ServerFacts?

    init(address: MemcachedAddress, timeouts: MemcachedTimeouts, clock: any WallClock, log: TrafficLog) {
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        self.address = address
        self.timeouts = timeouts
        self.clock = clock
        self.log = log
        machine = ConnectionStateMachine(timeouts: timeouts)
    }

    /// Sends commands and waits for their answers; one round trip.
    ///
    /// With `required`, only on that connection: what was learnt on another may not be true any more.
    func run(
        _ purpose: RoundTrip.Purpose, _ requests: [MemcachedRequest], onlyOn required: Int? = nil
    ) async -> Result<BatchAnswer, BatchFailure> {
        lastID += 1
        let batch = ConnectionBatch(id: BatchID(number: lastID), purpose: purpose, requests: requests)
        guard !Task.isCancelled else {
            return .failure(BatchFailure(code: .cancelled, detail: "the request was given up.", wasSent: false))
        }
        guard required == nil || required == machine.openGeneration else {
            return .failure(
                BatchFailure(
                    code: .disconnected, detail: "the connection was lost before anything was written; try again.",
                    wasSent: false))
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting[batch.id] = continuation
                handle(.submit(batch))
            }
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.handle(.cancel(batch.id)) } }
        }
    }

    /// What a commit starts from: the server's facts, and the connection that can be used now, nil if one must be made.
    ///
    /// Both in one call, because each call is a hop to the event loop and back.
    func commitStart() async throws(BatchFailure) -> (facts: ServerFacts, generation: Int?) {
        (try await knownFacts(), machine.openGeneration)
    }

    /// The server's facts: those of the last greeting, or asked for if there was none; at most one round trip.
    func knownFacts() async throws(BatchFailure) -> ServerFacts {
        if let facts { return facts }
        return try await freshFacts()
    }

    /// Asks the server; one round trip.
    func freshFacts() async throws(BatchFailure) -> ServerFacts {
        let replies = try await run(.facts, ServerFacts.questions).get().replies
        learn(from: replies)
        guard let facts else {
            let words = replies.lazy.compactMap { if case .serverError(let words) = $0 { words } else { nil } }.first
            throw BatchFailure(
                code: .serverFailure, detail: "the server answered \(words ?? "nothing") when asked about itself.",
                wasSent: true)
        }
        return facts
    }

    func close() {
        handle(.shutdown)
    }

    func handle(_ event: ConnectionEvent) {
        for action in machine.event(event, at: Self.now) { perform(action) }
        scheduleWakeUp()
    }
}

/// The answers to a batch, and the connection they came on.
struct BatchAnswer: Hashable, Sendable {
    let replies: [MemcachedReply]
    let generation: Int

    /// Marks revisions with the connection they were learnt on.
    init(_ replies: [MemcachedReply], generation: Int) {
        self.generation = generation
        self.replies = replies.map { reply in
            guard case .item(var item) = reply else { return reply }
            item.revision.epoch = generation
            return .item(item)
        }
    }
}

extension MemcachedLink {
    static var now: MonotonicTime {
        MonotonicTime(microseconds: Int64(NIODeadline.now().uptimeNanoseconds / 1000))
    }

    private func perform(_ action: ConnectionAction) {
        switch action {
        case .connect(let generation):
            connect(generation)
        case .write(let bytes):
            guard let channel = channels[machine.generation] else { return }
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        case .close(let generation):
            channels.removeValue(forKey: generation)?.close(promise: nil)
        case .complete(let batch, let replies, let cost):
            record(batch, cost, succeeded: true)
            if batch.id == .greeting { learn(from: replies) }
            waiting.removeValue(forKey: batch.id)?.resume(
                returning: .success(BatchAnswer(replies, generation: machine.generation)))
        case .fail(let batch, let failure, let cost):
            if failure.code != .cancelled { log.failed(failure.detail) }
            if failure.wasSent { record(batch, cost, succeeded: false) }
            waiting.removeValue(forKey: batch.id)?.resume(returning: .failure(failure))
        }
    }

    private func learn(from replies: [MemcachedReply]) {
        facts = ServerFacts(replies, at: clock.now()) ?? facts
    }

    private func connect(_ generation: Int) {
        let bootstrap = MemcachedBootstrap.make(eventLoop, timeouts) { [link = self] channel in
            try channel.pipeline.syncOperations.addHandler(LinkHandler(link, generation: generation))
        }
        MemcachedBootstrap.connect(bootstrap, to: address).whenComplete { result in
            self.assumeIsolated { link in
                switch result {
                case .success(let channel):
                    link.channels[generation] = channel
                    link.log.connected()
                    link.handle(.connected(generation: generation))
                case .failure(let error):
                    link.handle(
                        .connectFailed(generation: generation, reason: NetworkFailure.describe(error)))
                }
            }
        }
    }

    private func record(_ batch: ConnectionBatch, _ cost: BatchCost, succeeded: Bool) {
        log.record(
            RoundTrip(
                purpose: batch.purpose, start: clock.now().adding(milliseconds: -cost.microseconds / 1000),
                summary: MemcachedRequest.summary(of: batch.requests), commands: batch.requests.count,
                bytesOut: cost.bytesOut, bytesIn: cost.bytesIn, microseconds: cost.microseconds,
                succeeded: succeeded))
    }

    /// Keeps one timer for the machine's next deadline.
    ///
    /// A timer that is early asks again: setting one anew with each reply would cost more than the reply.
    private func scheduleWakeUp() {
        guard let deadline = machine.nextDeadline else {
            wakeUp?.cancel()
            (wakeUp, wakeUpTime) = (nil, nil)
            return
        }
        if let wakeUpTime, wakeUpTime <= deadline { return }
        wakeUp?.cancel()
        wakeUpTime = deadline
        let wait = max(0, deadline.microseconds - Self.now.microseconds)
        wakeUp = eventLoop.scheduleTask(in: .microseconds(wait)) {
            self.assumeIsolated { link in
                (link.wakeUp, link.wakeUpTime) = (nil, nil)
                link.handle(.timePassed)
            }
        }
    }
}
