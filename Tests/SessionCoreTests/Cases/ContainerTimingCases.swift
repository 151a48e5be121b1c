import SessionCore
import Testing

/// Timings as tables of values.
@Suite struct ContainerTimingCases {
    @Test(
        arguments: [
            (60, 10, 60, 10), (60, 59, 60, 59), (60, 60, 60, 30), (10, 600, 10, 5), (1, 300, 1, 0), (0, 600, 0, 600),
            (-5, -5, 0, 0), (.max, .max, 3_153_600_000, 1_576_800_000), (60, 0, 60, 0),
        ] as [(Int64, Int64, Int64, Int64)])
    func `what is asked for and what it becomes`(row: (Int64, Int64, Int64, Int64)) {
        let timing = ContainerTiming(timeout: row.0, resolution: row.1)
        #expect(timing.timeout == row.2)
        #expect(timing.resolution == row.3)
        #expect(timing.lifetime == (row.2 == 0 ? .never : .seconds(row.2 + row.3)))
    }

    @Test(
        arguments: [
            // Milliseconds since the last access, and whether 60 seconds are over.
            (0, false), (60_000, false), (60_001, true), (.max, true), (-1, false), (-3_600_000, false),
        ] as [(Int64, Bool)])
    func `timed out is what was not used for longer than the timeout`(row: (Int64, Bool)) {
        let access = Timestamp(milliseconds: 0)
        let now = access.adding(milliseconds: row.0)
        #expect(ContainerTiming(timeout: 60, resolution: 10).isTimedOut(lastAccess: access, at: now) == row.1)
        #expect(!ContainerTiming(timeout: 0, resolution: 10).isTimedOut(lastAccess: access, at: now))
    }

    @Test(
        arguments: [
            // Milliseconds of life left, and whether that is not what 60 + 10 seconds give.
            (70_000, false), (60_000, false), (59_999, true), (1, true), (71_000, false), (71_001, true), (.max, true),
            (-5, true),
        ] as [(Int64, Bool)])
    func `a life is refreshed when it is older than the resolution or was not given under this timing`(
        row: (Int64, Bool)
    ) {
        let now = Timestamp(seconds: 1_700_000_000)
        let expiry = Expiry.at(now.adding(milliseconds: row.0))
        #expect(ContainerTiming(timeout: 60, resolution: 10).needsRefresh(expiry, at: now) == row.1)
        #expect(ContainerTiming(timeout: 0, resolution: 10).needsRefresh(expiry, at: now))
        #expect(ContainerTiming(timeout: 60, resolution: 10).needsRefresh(.never, at: now))
        #expect(!ContainerTiming(timeout: 0, resolution: 10).needsRefresh(.never, at: now))
    }

    @Test(
        arguments: [
            // From and to timeout and resolution, seconds left, and the life it becomes.
            ((60, 10), (60, 10), 30, nil), ((60, 10), (600, 60), 30, .seconds(620)),
            ((600, 60), (60, 10), 660, .seconds(70)),
            ((600, 60), (60, 10), 30, .seconds(1)), ((60, 10), (0, 10), 30, .never),
            ((0, 10), (60, 10), nil, .seconds(70)),
            ((60, 10), (0, 10), nil, nil), ((60, 10), (600, 60), nil, .seconds(660)),
            ((60, 10), (60, 20), 30, .seconds(40)),
        ] as [((Int64, Int64), (Int64, Int64), Int64?, Lifetime?)])
    func `what is left of a life moves as its timing does`(
        row: (from: (Int64, Int64), to: (Int64, Int64), left: Int64?, life: Lifetime?)
    ) {
        let now = Timestamp(seconds: 1_700_000_000)
        let expiry: Expiry = row.left.map { .at(now.adding(milliseconds: $0 * 1000)) } ?? .never
        let old = ContainerTiming(timeout: row.from.0, resolution: row.from.1)
        let new = ContainerTiming(timeout: row.to.0, resolution: row.to.1)
        #expect(new.retimed(expiry, from: old, at: now) == row.life)
    }
}
