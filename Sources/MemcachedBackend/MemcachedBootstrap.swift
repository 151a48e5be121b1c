import NIOCore
import NIOPosix

/// How channels to a memcached server are made.
enum MemcachedBootstrap {
    static func make(
        _ eventLoop: any EventLoop, _ timeouts: MemcachedTimeouts,
        _ addHandlers: @escaping @Sendable (any Channel) throws -> Void
    ) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.milliseconds(timeouts.connect))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try addHandlers(channel) }
            }
    }

    static func connect(_ bootstrap: ClientBootstrap, to address: MemcachedAddress) -> EventLoopFuture<any Channel> {
        switch address {
        case .tcp(let host, let port):
            // A batch is one write; without this the end of a large one waits for an acknowledgement.
            bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(host: host, port: port)
        case .unix(let path):
            bootstrap.connect(unixDomainSocketPath: path)
        }
    }
}
