import SessionCore

/// Names a batch on its way.
struct BatchID: Hashable, Sendable {
    var number: UInt64

    /// The questions every new connection begins with.
    static let greeting = BatchID(number: 0)
}

/// Commands that are sent together and waited for together: one round trip.
struct ConnectionBatch: Hashable, Sendable {
    var id: BatchID
    var purpose: RoundTrip.Purpose
    var requests: [MemcachedRequest]
}

/// What a round trip cost.
struct BatchCost: Hashable, Sendable {
    var bytesOut = 0
    var bytesIn = 0
    /// From sending to the end; 0 if it was never sent.
    var microseconds: Int64 = 0
}

/// Why a batch got no whole answer.
struct BatchFailure: Error, Hashable, Sendable {
    var code: StoreError.Code
    var detail: String
    /// Whether the server may have seen any of it.
    var wasSent: Bool
    /// The answers that came before the failure, to the first commands of the batch.
    var replies: [MemcachedReply] = []

    func error(store: String) -> StoreError {
        StoreError(code, store: store, detail: detail)
    }
}

/// What the connection's machine wants done.
enum ConnectionAction: Hashable, Sendable {
    /// Make a connection; report it with this generation.
    case connect(generation: Int)
    case write([UInt8])
    case complete(ConnectionBatch, [MemcachedReply], BatchCost)
    case fail(ConnectionBatch, BatchFailure, BatchCost)
    /// Drop the connection, or the attempt at one, of this generation.
    case close(generation: Int)
}

/// What happens to the connection's machine.
enum ConnectionEvent: Hashable, Sendable {
    case submit(ConnectionBatch)
    case cancel(BatchID)
    case connected(generation: Int)
    case connectFailed(generation: Int, reason: String)
    case received(generation: Int, [UInt8])
    case closed(generation: Int, reason: String)
    case timePassed
    case shutdown
}

/// How long to wait for a server, in milliseconds.
public struct MemcachedTimeouts: Hashable, Sendable {
    /// For a connection to be made.
    public var connect: Int64
    /// For the next bytes of an answer that is due.
    public var read: Int64
    /// With nothing to do before the connection is closed; the next request opens one.
    public var idle: Int64

    /// Time limits in milliseconds, each at least 1.
    public init(connect: Int64 = 3000, read: Int64 = 5000, idle: Int64 = 60_000) {
        self.connect = max(1, connect)
        self.read = max(1, read)
        self.idle = max(1, idle)
    }
}
