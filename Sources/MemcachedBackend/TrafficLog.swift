import SessionCore
import Synchronization

/// The traffic of one store, written by its connections and read by anyone at any time.
final class TrafficLog: Sendable {
    private let traffic = Mutex(StoreTraffic())

    var snapshot: StoreTraffic { traffic.withLock { $0 } }

    func record(_ trip: RoundTrip) {
        traffic.withLock { log in
            log.record(trip)
            if trip.succeeded { log.trouble = nil }
        }
    }

    func connected() {
        traffic.withLock { $0.connects += 1 }
    }

    func failed(_ reason: String) {
        traffic.withLock { $0.trouble = reason }
    }
}
