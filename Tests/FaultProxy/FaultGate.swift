import NIOCore
import Synchronization

/// What a proxy counts and is armed with, which all its connections ask.
final class FaultGate: Sendable {
    private struct State {
        var fault: Fault?
        var hasStruck = false
        var counts: [FaultDirection: Int] = [:]
        var delivered: [UInt8] = []
        var events: AsyncStream<Void>.Continuation?
        var held: [EventLoopPromise<Void>] = []
        var connections: [ObjectIdentifier: EventLoopPromise<Void>] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func arm(_ fault: Fault?) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let earlier = state.withLock { state in
            state.fault = fault
            state.hasStruck = false
            state.counts = [:]
            state.delivered = []
            defer { state.events = continuation }
            return state.events
        }
        earlier?.finish()
        return stream
    }

    var hasStruck: Bool { state.withLock { $0.hasStruck } }

    /// What was handed to the client since the arming.
    var delivered: [UInt8] { state.withLock { $0.delivered } }

    func count(_ direction: FaultDirection) -> Int { state.withLock { $0.counts[direction] ?? 0 } }

    /// Counts a piece, and says what happens in it, and before which of its bytes.
    func strike(_ direction: FaultDirection, length: Int) -> (kind: Fault.Kind, offset: Int)? {
        state.withLock { state in
            let start = state.counts[direction] ?? 0
            state.counts[direction] = start + length
            guard let fault = state.fault, fault.direction == direction, !state.hasStruck,
                (start..<start + length).contains(fault.position)
            else { return nil }
            state.hasStruck = true
            return (fault.kind, fault.position - start)
        }
    }

    /// Tells whoever armed the fault that all of it has happened.
    func tell() {
        let events = state.withLock { $0.events }
        events?.yield()
        events?.finish()
    }

    func deliver(_ bytes: [UInt8]) { state.withLock { $0.delivered += bytes } }

    /// Keeps the promise of a connection that holds bytes back.
    func hold(_ promise: EventLoopPromise<Void>) { state.withLock { $0.held.append(promise) } }

    func release() {
        let promises = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for promise in promises { promise.succeed() }
    }

    /// Keeps a connection's promise to be reset.
    func opened(_ pair: ObjectIdentifier, reset: EventLoopPromise<Void>) {
        state.withLock { $0.connections[pair] = reset }
    }

    func closed(_ pair: ObjectIdentifier) {
        let (reset, waiting) = state.withLock { state in
            let reset = state.connections.removeValue(forKey: pair)
            guard state.connections.isEmpty else { return (reset, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiting = [] }
            return (reset, state.waiting)
        }
        reset?.fail(ChannelError.alreadyClosed)
        for continuation in waiting { continuation.resume() }
    }

    func resetAll() {
        for reset in state.withLock({ Array($0.connections.values) }) { reset.succeed() }
    }

    func waitUntilUnused() async {
        await withCheckedContinuation { continuation in
            let isUnused = state.withLock { state in
                if !state.connections.isEmpty { state.waiting.append(continuation) }
                return state.connections.isEmpty
            }
            if isUnused { continuation.resume() }
        }
    }
}
