import NIOCore
import NIOPosix
import Synchronization

/// What a scripted server does with some bytes it received.
enum Reaction: Sendable {
    case send(String)
    case sendAndClose(String)
    case silence
}

/// A server that greets as memcached does and then follows a script: for answers no real server gives.
final class ScriptedPeer: Sendable {
    static let greeting = "version\r\nstats\r\nstats settings\r\n"
    static let greetingAnswer = """
        VERSION 1.6.18\r\nSTAT time 1700000000\r\nSTAT curr_items 3\r\nEND\r\n\
        STAT item_size_max 1048576\r\nSTAT cas_enabled yes\r\nEND\r\n
        """

    let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    /// `script` gets the text of what came, without the greeting, and how many connections there were.
    init(
        greets: Bool = true, socketPath: String? = nil,
        script: @escaping @Sendable (String, _ connection: Int) -> Reaction
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = Mutex(0)
        let bootstrap = ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                let number = connections.withLock { count in
                    count += 1
                    return count
                }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler(greets: greets) { script($0, number) })
                }
            }
        listener =
            if let socketPath {
                try await bootstrap.bind(unixDomainSocketPath: socketPath, cleanupExistingSocketFile: true).get()
            } else {
                try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            }
        port = listener.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await listener.close()
        try await group.shutdownGracefully()
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greets: Bool
    private let script: (String) -> Reaction

    init(greets: Bool, script: @escaping (String) -> Reaction) {
        self.greets = greets
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var text = String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
        if greets, text.hasPrefix(ScriptedPeer.greeting) {
            text.removeFirst(ScriptedPeer.greeting.count)
            write(ScriptedPeer.greetingAnswer, context)
        }
        guard !text.isEmpty else { return }
        switch script(text) {
        case .send(let answer): write(answer, context)
        case .sendAndClose(let answer):
            write(answer, context)
            context.close(promise: nil)
        case .silence: break
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
