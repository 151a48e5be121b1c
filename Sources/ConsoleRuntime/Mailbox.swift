internal import Console
internal import Synchronization

/// Messages on their way to the loop.
///
/// Anyone may post; the loop takes all that wait at once and draws once for them.
final class Mailbox: Sendable {
    private let messages = Mutex<[Message]>([])
    private let bell: AsyncStream<Void>.Continuation
    /// Rings when messages came, at least once for any number of them.
    let rings: AsyncStream<Void>

    init() {
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Leaves a message for the loop.
    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        bell.yield()
    }

    /// All messages that wait, oldest first.
    func take() -> [Message] {
        messages.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    /// Whether no message waits.
    var isEmpty: Bool { messages.withLock { $0.isEmpty } }

    /// Wakes the loop without a message.
    func ring() {
        bell.yield()
    }
}
