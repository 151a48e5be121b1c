import OrderedCollections
import SessionCore

/// What editing costs, in sessions of growing size.
enum UnitOfWorkComparisons {
    private static let sizes = [(10, "10"), (1_000, "1,000"), (100_000, "100,000")]

    static func all() throws -> [Comparison] {
        var result: [Comparison] = []
        for (keys, name) in sizes {
            result.append(
                Comparison(
                    what: "savepoint, edit, rollback: \(name) keys",
                    reference: "peer: copy of the map at the first write",
                    ours: try savepoint(keys: keys), theirs: copyOnWrite(keys: keys)))
        }
        result.append(
            Comparison(
                what: "the same in 100,000 keys", reference: "ours in 10 keys",
                ours: try savepoint(keys: 100_000), theirs: try savepoint(keys: 10)))
        for (keys, name) in sizes {
            result.append(
                Comparison(
                    what: "edit, ask whether dirty: \(name) keys", reference: "peer: comparison with the loaded map",
                    ours: try edit(keys: keys), theirs: editAndCompare(keys: keys)))
        }
        return result
    }

    private static func savepoint(keys: Int) throws -> Side {
        let record = try SampleSession.record(keys: keys)
        let path = [ValueStep.key(SampleSession.editedKey(keys: keys))]
        var work = UnitOfWork()
        work.load(record)
        let moment = Timestamp(seconds: 0)
        return Side { times in
            var done = 0
            for time in 0..<times {
                let savepoint = work.setSavepoint(named: nil, at: moment)
                work.set(.integer(-time - 1), at: path, of: record.id)
                let wasDirty = work.isDirty(record.id)
                work.rollback(to: .savepoint(savepoint.number))
                if wasDirty && work.isClean { done += 1 }
                // Without this every savepoint would have one more before it.
                work.rollback(to: .base)
            }
            return done
        }
    }

    private static func copyOnWrite(keys: Int) -> Side {
        var map = SampleSession.map(keys: keys)
        let key = SampleSession.editedKey(keys: keys)
        return Side { times in
            var done = 0
            for time in 0..<times {
                let savepoint = map
                map[key] = .integer(-time - 1)
                let changed = map[key]
                map = savepoint
                if changed != map[key] { done += 1 }
            }
            return done
        }
    }

    private static func edit(keys: Int) throws -> Side {
        let record = try SampleSession.record(keys: keys)
        let path = [ValueStep.key(SampleSession.editedKey(keys: keys))]
        var work = UnitOfWork()
        work.load(record)
        return Side { times in
            var done = 0
            for time in 0..<times {
                work.set(.integer(-time - 1), at: path, of: record.id)
                if work.isDirty(record.id) { done += 1 }
            }
            return done
        }
    }

    private static func editAndCompare(keys: Int) -> Side {
        let base = SampleSession.map(keys: keys)
        let key = SampleSession.editedKey(keys: keys)
        var map = base
        return Side { times in
            var done = 0
            for time in 0..<times {
                map[key] = .integer(-time - 1)
                if map != base { done += 1 }
            }
            return done
        }
    }
}
