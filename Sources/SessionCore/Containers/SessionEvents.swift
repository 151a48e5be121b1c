internal import Synchronization

/// One session that came, changed or went.
public struct SessionEvent: Hashable, Sendable {
    /// What happened to it.
    public enum Kind: Hashable, Sendable {
        /// It was not stored before.
        case added
        /// It was stored before, and its content is another one now.
        case replaced
        /// It was deleted: destroyed, or emptied.
        case removed
        /// It was ended by `invalidate`.
        case invalidated
        /// Nobody used it for the container's timeout.
        case expired
    }

    /// What happened to it.
    public var kind: Kind
    /// The container's name.
    public var container: String
    /// The session's id.
    public var id: String

    /// An event.
    public init(kind: Kind, container: String, id: String) {
        self.kind = kind
        self.container = container
        self.id = id
    }
}

/// Tells observers of the sessions of a container, one event for each session and commit, after the commit.
public final class SessionEvents: Sendable {
    /// An observer's error, and the event it failed on.
    public struct Failure: Sendable {
        /// The event.
        public var event: SessionEvent
        /// The error as text.
        public var problem: String
    }

    /// How many failures are kept, the newest.
    public static let keptFailures = 100

    private struct State {
        var observers: [Int: @Sendable (SessionEvent) throws -> Void] = [:]
        var count = 0
        var failures: [Failure] = []
    }

    private let state = Mutex(State())

    /// Nobody observes yet.
    public init() {}

    /// Calls something for every event, in the task that commits or sweeps, until the observation is cancelled.
    ///
    /// An error of an observer goes to `failures`; it disturbs neither the commit, which is done, nor other observers.
    @discardableResult
    public func observe(_ observer: @escaping @Sendable (SessionEvent) throws -> Void) -> SessionObservation {
        state.withLock { state in
            state.count += 1
            state.observers[state.count] = observer
            return SessionObservation(number: state.count, events: self)
        }
    }

    /// What observers failed on, the newest `keptFailures`, oldest first.
    public var failures: [Failure] { state.withLock { $0.failures } }

    func cancel(_ number: Int) {
        state.withLock { $0.observers[number] = nil }
    }

    func publish(_ event: SessionEvent) {
        // Called outside the lock: an observer may observe, or cancel.
        for (_, observer) in state.withLock({ $0.observers }).sorted(by: { $0.key < $1.key }) {
            do { try observer(event) } catch {
                let failure = Failure(event: event, problem: "\(error)")
                state.withLock { state in
                    if state.failures.count >= Self.keptFailures { state.failures.removeFirst() }
                    state.failures.append(failure)
                }
            }
        }
    }
}

/// One observer's place among the observers of a container.
public struct SessionObservation: Sendable {
    let number: Int
    let events: SessionEvents

    /// Ends the observation.
    public func cancel() { events.cancel(number) }
}
