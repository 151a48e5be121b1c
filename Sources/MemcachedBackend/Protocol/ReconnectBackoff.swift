/// How long to leave a server alone after a failure: 0.1 s, doubled with each further one up to 2 s.
struct ReconnectBackoff: Hashable, Sendable {
    static let firstMilliseconds: Int64 = 100
    static let longestMilliseconds: Int64 = 2000

    /// Failures since the last success.
    private(set) var failures = 0
    /// No attempt before this moment; nil if one may be made at once.
    private(set) var pauseEnd: MonotonicTime?

    mutating func failed(at now: MonotonicTime) {
        let doublings = min(failures, 5)
        pauseEnd = now.adding(milliseconds: min(Self.firstMilliseconds << doublings, Self.longestMilliseconds))
        failures += 1
    }

    mutating func succeeded() {
        failures = 0
        pauseEnd = nil
    }
}
