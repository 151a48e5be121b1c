internal import SessionCore

/// How the locks of a commit ended.
public struct LockReport: Hashable, Sendable {
    /// One lock.
    struct Entry: Hashable, Sendable {
        var lock: SessionLock
        var end: LockEnd
    }

    var entries: [Entry]

    /// What is to be told of locks that did not last, or could not be given back.
    var warnings: [String] {
        entries.compactMap { entry in
            let key = entry.lock.id.key
            switch entry.end {
            case .released: return nil
            case .expired:
                return
                    "lock \(key) had expired before the commit ended; another request may have worked on the session meanwhile"
            case .overtaken:
                return
                    "lock \(key) had expired before the commit ended, and another request took it; that lock was left alone"
            case .left(let reason):
                return "lock \(key) could not be released: \(reason). \(entry.lock.lifeWords)"
            }
        }
    }

    /// The locks in a few words, behind what was committed.
    var words: String { "under \(entries.count == 1 ? "its lock" : Quantities.count(entries.count, "lock"))" }
}

extension SessionLock {
    /// When a lock that was left ends.
    var lifeWords: String {
        guard case .seconds(let seconds)? = record?.lifetime else { return "It does not end by itself" }
        return "It ends by itself, \(seconds) s after it was taken"
    }
}

extension Reply {
    /// The reply of a commit with what became of its locks.
    func telling(_ report: LockReport) -> Reply {
        var reply = self
        if reply.failure != nil {
            for warning in report.warnings { reply.failure?.message += ". \(warning)" }
        } else {
            if !reply.lines.isEmpty { reply.lines[0] += ", \(report.words)" }
            reply.lines += report.warnings
        }
        return reply
    }
}
