internal import OrderedCollections
public import SessionCore

extension Plan.Step {
    /// The write as memcached's command: verb, key, flags, life in seconds, bytes, revision.
    ///
    /// The life of a record that keeps its own is what is left by the reader's clock; the commit reads it again.
    public func commandText(now: Timestamp) -> String {
        let key = id.key.description
        switch (write.change, write.expectation) {
        case (.delete, .unchanged(let stored)): return "md \(key) C\(stored.revision.number)"
        case (.delete, .absent): return "md \(key)"
        case (.retime(let lifetime), _): return "touch \(key) \(Self.seconds(lifetime))"
        case (.put(let payload, let flags, .renew(let lifetime)), .absent):
            return "add \(key) \(flags) \(Self.seconds(lifetime)) \(payload.count)"
        case (.put(let payload, let flags, _), .absent): return "add \(key) \(flags) 0 \(payload.count)"
        case (.put(let payload, let flags, .renew(let lifetime)), .unchanged(let stored)):
            return "cas \(key) \(flags) \(Self.seconds(lifetime)) \(payload.count) \(stored.revision.number)"
        case (.put(let payload, let flags, .keep), .unchanged(let stored)):
            let left = stored.expiry.secondsLeft(at: now) ?? 0
            return "cas \(key) \(flags) \(left) \(payload.count) \(stored.revision.number)"
        }
    }

    static func seconds(_ lifetime: Lifetime) -> Int64 {
        switch lifetime {
        case .never: 0
        case .seconds(let seconds): seconds
        }
    }

    /// What the write does to bytes, flags and life, in words.
    public func effectText(now: Timestamp) -> String {
        switch (write.change, write.expectation) {
        case (.delete, _): return "deletes \(Quantities.count(bytesBefore ?? 0, "byte"))"
        case (.retime(let lifetime), _): return "payload and flags kept, expires \(Self.words(lifetime))"
        case (.put(let payload, let flags, let expiry), .unchanged(let stored)):
            let life =
                switch expiry {
                case .keep: "life kept (\(Quantities.life(stored.expiry, at: now)))"
                case .renew(let lifetime): "expires \(Self.words(lifetime))"
                }
            return "\(Quantities.count(stored.payload.count)) -> \(Quantities.count(payload.count, "byte")), "
                + "flags \(flags) kept, \(life)"
        case (.put(let payload, let flags, let expiry), .absent):
            let life = if case .renew(let lifetime) = expiry { lifetime } else { Lifetime.never }
            return "made with \(Quantities.count(payload.count, "byte")), flags \(flags), expires \(Self.words(life))"
        }
    }

    private static func words(_ lifetime: Lifetime) -> String {
        lifetime == .never ? "never" : "in \(Quantities.lifetime(lifetime))"
    }
}
