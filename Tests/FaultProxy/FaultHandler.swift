import Glibc
import NIOCore

/// One connection through the proxy: two channels that end together.
final class FaultPair {
    let client: any Channel
    let server: any Channel
    let gate: FaultGate
    private var ended: Set<FaultDirection> = []
    private var exhausted: Set<FaultDirection> = []
    private var openChannels = 2

    init(client: any Channel, server: any Channel, gate: FaultGate) {
        self.client = client
        self.server = server
        self.gate = gate
        let promise = client.eventLoop.makePromise(of: Void.self)
        gate.opened(ObjectIdentifier(self), reset: promise)
        promise.futureResult.assumeIsolated().whenSuccess { self.reset() }
    }

    /// The channel that bytes of a direction go to.
    func target(_ direction: FaultDirection) -> any Channel { direction == .toServer ? server : client }

    /// Sends the end behind what was sent before it.
    func end(_ direction: FaultDirection) {
        guard ended.insert(direction).inserted else { return }
        let target = target(direction)
        target.writeAndFlush(ByteBuffer()).whenComplete { _ in target.close(mode: .output, promise: nil) }
    }

    /// Notes that a sender has ended, and closes both once the other one has too.
    func sourceEnded(_ direction: FaultDirection) {
        exhausted.insert(direction)
        if exhausted.count == 2 { close() }
    }

    private func close() {
        client.close(promise: nil)
        server.close(promise: nil)
    }

    /// Ends both sides with RST.
    func reset() {
        for channel in [client, server] {
            let options = channel as? any SocketOptionProvider
            // Without lingering a close throws away what was not read, and tells so.
            _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            channel.close(promise: nil)
        }
    }

    func becameInactive() {
        openChannels -= 1
        if openChannels == 0 { gate.closed(ObjectIdentifier(self)) } else { close() }
    }
}

/// Hands bytes of one direction on, until the fault.
final class FaultHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum Passage { case open, swallowing, holding }

    private let pair: FaultPair
    private let direction: FaultDirection
    private let look: @Sendable (FaultDirection, [UInt8]) -> Void
    private var passage = Passage.open
    private var held: [UInt8] = []
    private var hasEnded = false

    /// `look` gets each piece before it is forwarded, and may block.
    init(
        _ direction: FaultDirection, of pair: FaultPair, look: @escaping @Sendable (FaultDirection, [UInt8]) -> Void
    ) {
        self.direction = direction
        self.pair = pair
        self.look = look
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        look(direction, bytes)
        let strike = pair.gate.strike(direction, length: bytes.count)
        switch passage {
        case .swallowing: return
        case .holding: held += bytes
        case .open:
            guard let strike else { return send(bytes) }
            send(Array(bytes[..<strike.offset]))
            suffer(strike.kind, Array(bytes[strike.offset...]), context)
            pair.gate.tell()
        }
    }

    private func suffer(_ kind: Fault.Kind, _ rest: [UInt8], _ context: ChannelHandlerContext) {
        switch kind {
        case .cut:
            passage = .swallowing
            pair.reset()
        case .truncate:
            passage = .swallowing
            pair.end(direction)
        case .drop:
            passage = .swallowing
        case .delay:
            passage = .holding
            held = rest
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { _ in self.resume() }
            pair.gate.hold(promise)
        case .duplicate:
            send(rest + rest)
        case .garbage:
            let length = min(Fault.garbageLength, rest.count)
            send(Array(repeating: Fault.garbageByte, count: length) + rest.dropFirst(length))
        }
    }

    private func resume() {
        passage = .open
        send(held)
        held = []
        if hasEnded { pair.end(direction) }
    }

    private func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if direction == .toClient { pair.gate.deliver(bytes) }
        pair.target(direction).writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        hasEnded = true
        if passage != .holding { pair.end(direction) }
        pair.sourceEnded(direction)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        pair.becameInactive()
    }
}
