import NIOCore
import SessionCore

/// Runs one metadump on a connection of its own and hands its keys over as they come.
///
/// It always reads at full speed into memory: a second dump asked for while the reader of the first stalls blocks a
/// thread of the server for ever (1.6.18), so nothing here waits for whoever consumes the keys.
final class MetadumpHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Walks the hash table and not the queues of the LRU: records written within the last second move between queues
    /// and are missed there (up to 3 of 100,000 in 3 of 16 dumps on 1.6.18; none in 16 with `hash`).
    static let command = "lru_crawler metadump hash"
    static let batchKeys = 4096
    /// The server's own crawls make it busy for moments; after this many attempts it is someone's dump.
    static let busyAttempts = 20
    static let busyPause = TimeAmount.milliseconds(100)

    private let store: String
    private let patience: TimeAmount
    private let continuation: ScanStream.Continuation
    private let ended: @Sendable (_ bytesOut: Int, _ bytesIn: Int, _ failure: StoreError?) -> Void
    private var parser = MetadumpParser()
    private var attempts = 0
    private var bytesIn = 0
    private var isEnded = false
    private var lastActivity = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(
        store: String, patience: TimeAmount, continuation: ScanStream.Continuation,
        ended: @escaping @Sendable (_ bytesOut: Int, _ bytesIn: Int, _ failure: StoreError?) -> Void
    ) {
        self.store = store
        self.patience = patience
        self.continuation = continuation
        self.ended = ended
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
        watch(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        lastActivity = .now()
        let buffer = unwrapInboundIn(data)
        bytesIn += buffer.readableBytes
        let event = buffer.withUnsafeReadableBytes { parser.read($0) }
        if parser.batch.count >= Self.batchKeys || event != nil { hand() }
        switch event {
        case nil: break
        case .end: end(context, nil)
        case .busy where attempts < Self.busyAttempts:
            context.eventLoop.assumeIsolated().scheduleTask(in: Self.busyPause) {
                if !self.isEnded { self.ask(context) }
            }
        case .busy:
            end(context, error(.busy, "another scan is running on the server, which does one at a time. Try again."))
        case .refused(let words):
            end(
                context,
                error(
                    .unsupported,
                    "the server does not list its keys (\(words)). Start it without -X and with its lru_crawler on, "
                        + "or open records by their keys."))
        case .nonsense(let words):
            end(context, error(.nonsense, "sent \(words) in a list of keys; the connection was dropped."))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, self.error(.disconnected, "the scan's connection failed: \(NetworkFailure.describe(error))."))
    }

    func channelInactive(context: ChannelHandlerContext) {
        hand()
        end(context, error(.disconnected, "the connection ended before the list of keys did. Try again."))
    }

    private func ask(_ context: ChannelHandlerContext) {
        attempts += 1
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.command + "\r\n")), promise: nil)
    }

    private func watch(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: lastActivity + patience) {
            guard !self.isEnded else { return }
            guard NIODeadline.now() >= self.lastActivity + self.patience else { return self.watch(context) }
            self.end(context, self.error(.timedOut, "the list of keys stopped coming. Try again."))
        }
    }

    private func hand() {
        let batch = parser.take()
        if !batch.isEmpty { continuation.yield(batch) }
    }

    private func end(_ context: ChannelHandlerContext, _ failure: StoreError?) {
        guard !isEnded else { return }
        isEnded = true
        timer?.cancel()
        context.close(promise: nil)
        ended(attempts * (Self.command.utf8.count + 2), bytesIn, failure)
        continuation.finish(throwing: failure)
    }

    private func error(_ code: StoreError.Code, _ detail: String) -> StoreError {
        StoreError(code, store: store, detail: detail)
    }
}
