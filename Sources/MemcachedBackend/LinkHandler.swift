import NIOCore

/// Tells the link what its channel does; decides nothing.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: MemcachedLink
    private let generation: Int
    private var reason = "the server closed it"

    init(_ link: MemcachedLink, generation: Int) {
        self.link = link
        self.generation = generation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        link.assumeIsolated { [generation] in $0.handle(.received(generation: generation, bytes)) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason = NetworkFailure.describe(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.assumeIsolated { [generation, reason] in $0.handle(.closed(generation: generation, reason: reason)) }
    }
}
