/// One of the two sides of a comparison.
struct Side {
    /// Does it so many times and tells how often it truly did, so that a side that does nothing is found out.
    var run: (_ times: Int) async throws -> Int

    init(_ run: @escaping (_ times: Int) async throws -> Int) {
        self.run = run
    }
}

/// Two ways to do one thing, timed in turns.
struct Comparison {
    /// What is done.
    var what: String
    /// What the second side is: the least it can cost (a floor), or what others do (a peer).
    var reference: String
    /// The package's way.
    var ours: Side
    /// The other way.
    var theirs: Side
}

/// A comparison that a side spoiled.
struct ComparisonError: Error, CustomStringConvertible {
    var description: String
}

/// The medians of one comparison over all rounds.
struct Outcome {
    var what: String
    var reference: String
    /// Median time for one, in nanoseconds.
    var ours: Double
    /// Median time for one, in nanoseconds.
    var theirs: Double
    /// The ratio of the two in each round, smallest first.
    var ratios: [Double]
}

extension Comparison {
    /// How often both sides are measured; a ratio is only taken within a round, because machines change their speed.
    static let rounds = 5
    /// How long a round takes, unless one turn takes longer.
    static let patience = Duration.milliseconds(160)
    /// How long one side goes on before the other has its turn: short beside what else happens on a machine, long
    /// beside the warming of caches that the other side has filled.
    static let turn = Duration.milliseconds(10)
    /// How long a sample takes at least: long beside the 30 ns that reading the clock costs.
    static let sample = Duration.microseconds(10)

    /// Times both sides in turns.
    func measure() async throws -> Outcome {
        let ourBatch = try await batch(ours)
        let theirBatch = try await batch(theirs)
        var ourMedians: [Double] = []
        var theirMedians: [Double] = []
        for _ in 0..<Self.rounds {
            var ourSamples: [Double] = []
            var theirSamples: [Double] = []
            let end = ContinuousClock.now + Self.patience
            repeat {
                ourSamples += try await samples(of: ours, batch: ourBatch)
                theirSamples += try await samples(of: theirs, batch: theirBatch)
            } while ContinuousClock.now < end
            ourMedians.append(ourSamples.median)
            theirMedians.append(theirSamples.median)
        }
        return Outcome(
            what: what, reference: reference, ours: ourMedians.median, theirs: theirMedians.median,
            ratios: zip(ourMedians, theirMedians).map { $0 / $1 }.sorted())
    }

    /// How many times make a sample; also warms up.
    private func batch(_ side: Side) async throws -> Int {
        var times = 1
        while true {
            let time = try await self.time(side, times: times)
            if time >= Self.sample { return times }
            times *= 2
        }
    }

    /// The times for one in a turn, in nanoseconds.
    private func samples(of side: Side, batch: Int) async throws -> [Double] {
        var samples: [Double] = []
        let end = ContinuousClock.now + Self.turn
        repeat {
            samples.append(try await time(side, times: batch).nanoseconds / Double(batch))
        } while ContinuousClock.now < end
        return samples
    }

    private func time(_ side: Side, times: Int) async throws -> Duration {
        let start = ContinuousClock.now
        let done = try await side.run(times)
        let time = ContinuousClock.now - start
        guard done == times else {
            throw ComparisonError(description: "\(what): did it \(done) times instead of \(times)")
        }
        return time
    }
}

extension [Double] {
    /// The middle of the sorted values; not a number if there are none.
    var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}

extension Duration {
    /// The whole as nanoseconds.
    var nanoseconds: Double { Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9 }
}
