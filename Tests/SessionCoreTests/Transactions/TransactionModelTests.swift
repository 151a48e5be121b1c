import RandomValues
import SessionCore
import Testing

/// Random histories of one transaction, compared with a model that copies everything.
@Suite struct TransactionModelTests {
    /// What savepoints and rollbacks come to, in the simplest way there is.
    private struct Model {
        struct Point {
            let savepoint: TransactionSavepoint
            /// What those that had joined held.
            let contents: [String: [String: String]]
            let isComplete: Bool
        }

        /// Who has joined, and what they hold.
        var contents: [String: [String: String]] = [:]
        var points: [Point] = []

        mutating func rollback(to index: Int, plain: Set<String>) {
            let point = points[index]
            for name in contents.keys {
                contents[name] = point.contents[name] ?? (plain.contains(name) ? nil : [:])
            }
            points.removeSubrange((index + 1)...)
        }
    }

    private let able = ["a", "b", "c"].map { SampleTable($0) }
    private let plain = ["x", "y"].map { PlainTable($0) }

    private var tables: [SampleTable] { able + plain.map(\.table) }

    private func step(
        _ random: inout RandomSource, _ model: inout Model, _ ended: inout [TransactionSavepoint],
        in transaction: Transaction
    ) throws {
        let plainNames = Set(plain.map(\.name))
        switch random.number(0...9) {
        case 0...4:
            let (key, value) = ("k\(random.number(0...2))", "\(random.number(0...9))")
            if random.chance(4) {
                let table = random.pick(plain, or: plain[0])
                try table.set(key, value, in: transaction)
                model.contents[table.name, default: [:]][key] = value
            } else {
                let table = random.pick(able, or: able[0])
                try table.set(key, value, in: transaction)
                model.contents[table.name, default: [:]][key] = value
            }
        case 5, 6:
            let isComplete = plainNames.isDisjoint(with: model.contents.keys)
            guard isComplete || random.chance(2) else {
                #expect(throws: TransactionError.self) { try transaction.savepoint() }
                return
            }
            let savepoint = try transaction.savepoint(optimistic: !isComplete || random.chance(2))
            model.points.append(Model.Point(savepoint: savepoint, contents: model.contents, isComplete: isComplete))
        default:
            guard !model.points.isEmpty else { return }
            let index = random.number(0...(model.points.count - 1))
            let point = model.points[index]
            guard point.isComplete else {
                #expect(throws: TransactionError.self) { try point.savepoint.rollback() }
                return
            }
            try point.savepoint.rollback()
            ended += model.points[(index + 1)...].map(\.savepoint)
            model.rollback(to: index, plain: plainNames)
        }
    }

    @Test(arguments: RandomSource.seeds(40))
    func `tables hold what the model does after every step, and what is left is committed`(seed: UInt64) async throws {
        var random = RandomSource(seed: seed)
        let transaction = try Transaction.sample()
        var model = Model()
        var ended: [TransactionSavepoint] = []
        for _ in 0..<60 {
            try step(&random, &model, &ended, in: transaction)
            for table in tables { #expect(table.staged == model.contents[table.name] ?? [:], "\(table.name)") }
            #expect(model.points.allSatisfy { $0.savepoint.isValid == $0.isComplete })
            #expect(ended.allSatisfy { !$0.isValid })
        }
        try await transaction.commit()
        for table in tables {
            #expect(table.committed == model.contents[table.name] ?? [:], "\(table.name)")
            #expect(table.misuse.isEmpty)
        }
    }
}
