import Foundation

@main
enum TidemarkBenchmarks {
    static func main() async {
        do {
            try await measureAll()
        } catch {
            complain("the benchmarks stopped: \(error)")
            exit(1)
        }
    }

    /// Runs where the tasks of a program run: on the main thread every answer of a store would cost one more hop.
    @concurrent private static func measureAll() async throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        print("medians of \(Comparison.rounds) rounds, both sides in turns, on \(cores) cores; figures of one machine")
        print("differ by a fifth from run to run, so look at the ratios: below 1 ours is faster\n")
        var outcomes: [Outcome] = []
        for comparison in try await UnitOfWorkComparisons.all() + SessionComparisons.all() + JSONComparison.all() {
            outcomes.append(try await comparison.measure())
        }
        for language in [InterpreterComparison.pickle, .php] { outcomes += try await measure(language) }
        if LocalServer.isInstalled {
            outcomes += try await measureMemcached()
        } else {
            complain("memcached is not installed, so its rows are missing; get it with: apt-get install memcached")
        }
        print(OutcomeTable.text(outcomes))
    }

    private static func measure(_ language: InterpreterComparison) async throws -> [Outcome] {
        let (comparisons, peers) = try language.all()
        defer { peers.forEach { $0.stop() } }
        if comparisons.isEmpty { complain("\(language.command[0]) is not installed, so its rows are missing") }
        var outcomes: [Outcome] = []
        for comparison in comparisons { outcomes.append(try await comparison.measure()) }
        return outcomes
    }

    private static func measureMemcached() async throws -> [Outcome] {
        let server = try LocalServer()
        defer { server.stop() }
        let comparisons = MemcachedComparisons(port: server.port)
        var outcomes: [Outcome] = []
        for comparison in try await comparisons.all() { outcomes.append(try await comparison.measure()) }
        await comparisons.close()
        return outcomes
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
