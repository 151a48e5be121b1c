import NIOCore
import NIOPosix
import SessionCore
import Synchronization

/// Starts scans, one at a time.
final class MetadumpScans: Sendable {
    private enum Phase {
        case free
        case running
        case closed
    }

    private let name: String
    private let address: MemcachedAddress
    private let timeouts: MemcachedTimeouts
    private let clock: any WallClock
    private let log: TrafficLog
    private let phase = Mutex(Phase.free)
    private let channel = Mutex<(any Channel)?>(nil)

    init(
        name: String, address: MemcachedAddress, timeouts: MemcachedTimeouts, clock: any WallClock, log: TrafficLog
    ) {
        self.name = name
        self.address = address
        self.timeouts = timeouts
        self.clock = clock
        self.log = log
    }

    func start() -> ScanStream {
        let (stream, continuation) = ScanStream.makeStream()
        let before = phase.withLock { phase in
            defer { if phase == .free { phase = .running } }
            return phase
        }
        switch before {
        case .free: run(continuation)
        case .running:
            continuation.finish(
                throwing: StoreError(
                    .busy, store: name, detail: "a scan is running already; wait for its end, then try again."))
        case .closed:
            continuation.finish(
                throwing: StoreError(.disconnected, store: name, detail: "the store was closed. Open it again."))
        }
        return stream
    }

    func close() {
        phase.withLock { $0 = .closed }
        channel.withLock { $0 }?.close(promise: nil)
    }

    private func run(_ continuation: ScanStream.Continuation) {
        let start = clock.now()
        let begun = MemcachedLink.now
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let bootstrap = MemcachedBootstrap.make(eventLoop, timeouts) { [self] channel in
            let handler = MetadumpHandler(
                store: name, patience: .milliseconds(timeouts.read), continuation: continuation
            ) { bytesOut, bytesIn, failure in
                self.log.record(
                    RoundTrip(
                        purpose: .scan, start: start, summary: MetadumpHandler.command, commands: 1,
                        bytesOut: bytesOut, bytesIn: bytesIn,
                        microseconds: MemcachedLink.now.microseconds - begun.microseconds,
                        succeeded: failure == nil))
                self.free()
            }
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        let connecting = MemcachedBootstrap.connect(bootstrap, to: address)
        connecting.whenComplete { result in
            switch result {
            case .success(let channel):
                self.log.connected()
                self.channel.withLock { $0 = channel }
                if self.phase.withLock({ $0 == .closed }) { channel.close(promise: nil) }
            case .failure(let error):
                let failure = StoreError(
                    .unreachable, store: self.name, detail: "no connection: \(NetworkFailure.describe(error))")
                self.log.failed(failure.detail)
                self.free()
                continuation.finish(throwing: failure)
            }
        }
        continuation.onTermination = { reason in
            guard case .cancelled = reason else { return }
            connecting.whenSuccess { $0.close(promise: nil) }
        }
    }

    private func free() {
        channel.withLock { $0 = nil }
        phase.withLock { if $0 == .running { $0 = .free } }
    }
}
