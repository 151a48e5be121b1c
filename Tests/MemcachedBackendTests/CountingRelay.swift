import NIOCore
import NIOPosix
import Synchronization

/// A relay in front of a server that counts what really goes over the wire, and can act between two requests.
final class CountingRelay: Sendable {
    /// What went through so far.
    struct Count: Hashable, Sendable {
        /// How often the client began to send after the server had answered: waits of a request for its reply.
        var turns = 0
        var connections = 0
        var bytesToServer = 0
        var bytesToClient = 0
    }

    let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let tally: Tally

    var count: Count { tally.count }

    /// `beforeForwarding` gets each piece of text on its way to the server and may block.
    init(to server: Int, beforeForwarding: @escaping @Sendable (String) -> Void = { _ in }) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let tally = Tally()
        listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { client in
                tally.change { $0.connections += 1 }
                return ClientBootstrap(group: client.eventLoop)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: "127.0.0.1", port: server)
                    .flatMapThrowing { upstream in
                        try client.pipeline.syncOperations.addHandler(
                            ForwardHandler(to: upstream) { bytes in
                                tally.sent(bytes.count)
                                beforeForwarding(String(decoding: bytes, as: UTF8.self))
                            })
                        try upstream.pipeline.syncOperations.addHandler(
                            ForwardHandler(to: client) { bytes in tally.answered(bytes.count) })
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        self.tally = tally
    }

    func stop() async throws {
        try await listener.close()
        try await group.shutdownGracefully()
    }
}

/// The relay's count, which all its connections change.
private final class Tally: Sendable {
    private struct State {
        var count = CountingRelay.Count()
        var isAnswered = true
    }

    private let state = Mutex(State())

    var count: CountingRelay.Count { state.withLock { $0.count } }

    func change(_ body: (inout CountingRelay.Count) -> Void) {
        state.withLock { body(&$0.count) }
    }

    func sent(_ bytes: Int) {
        state.withLock { state in
            if state.isAnswered { state.count.turns += 1 }
            state.isAnswered = false
            state.count.bytesToServer += bytes
        }
    }

    func answered(_ bytes: Int) {
        state.withLock { state in
            state.isAnswered = true
            state.count.bytesToClient += bytes
        }
    }
}

/// Hands bytes from one channel to another and closes that one with its own.
private final class ForwardHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let tell: ([UInt8]) -> Void

    init(to other: any Channel, tell: @escaping ([UInt8]) -> Void) {
        self.other = other
        self.tell = tell
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        tell(Array(buffer.readableBytesView))
        other.writeAndFlush(buffer, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
