import NIOCore
import NIOPosix

/// A proxy on loopback between a client and a server, which lets one thing go wrong at a chosen byte.
///
/// It is armed with one fault at a time; connections made later pass unharmed until it is armed again. Bytes are counted from
/// the arming, over all connections.
public final class FaultProxy: Sendable {
    /// The loopback port it listens on.
    public let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let gate: FaultGate

    /// A proxy in front of a loopback port.
    ///
    /// - Parameters:
    ///   - server: The server's port.
    ///   - look: Gets each piece before it is forwarded, and may block.
    /// - Throws: What keeps it from listening.
    public init(
        to server: Int, look: @escaping @Sendable (FaultDirection, [UInt8]) -> Void = { _, _ in }
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let gate = FaultGate()
        listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelOption(.allowRemoteHalfClosure, value: true)
                    .connect(host: "127.0.0.1", port: server)
                    .flatMapThrowing { upstream in
                        let pair = FaultPair(client: client, server: upstream, gate: gate)
                        try client.pipeline.syncOperations.addHandler(FaultHandler(.toServer, of: pair, look: look))
                        try upstream.pipeline.syncOperations.addHandler(FaultHandler(.toClient, of: pair, look: look))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        self.gate = gate
    }

    /// Begins to count, and lets a fault happen once; nil for none.
    ///
    /// - Parameter fault: What is to go wrong, and where.
    /// - Returns: An element when it happens; ends with it, or with the next arming.
    @discardableResult
    public func arm(_ fault: Fault?) -> AsyncStream<Void> { gate.arm(fault) }

    /// Whether the armed fault has happened.
    public var hasStruck: Bool { gate.hasStruck }

    /// How many bytes came from one side since the arming, forwarded or not.
    public func count(_ direction: FaultDirection) -> Int { gate.count(direction) }

    /// What was handed on to the client since the arming.
    public var delivered: [UInt8] { gate.delivered }

    /// Forwards what a delay holds back, also to a side whose other one has gone.
    public func release() { gate.release() }

    /// Resets the connections there are.
    public func resetConnections() { gate.resetAll() }

    /// Waits until no connection is left; what the server was sent, it has read to the end.
    public func waitUntilUnused() async { await gate.waitUntilUnused() }

    /// Refuses new connections from now on.
    public func stopListening() async throws { try await listener.close() }

    /// Ends the proxy with all its connections.
    public func stop() async throws {
        if listener.isActive { try await listener.close() }
        release()
        try await group.shutdownGracefully()
    }
}
