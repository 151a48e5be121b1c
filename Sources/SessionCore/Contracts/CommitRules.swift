/// What makes a batch of writes senseless whatever the store holds; every store asks before it sends anything.
public enum CommitRules {
    /// The first reason to refuse a batch: a key named twice, something done to a record that is expected to be
    /// absent, or a life of less than a second.
    ///
    /// Nil if there is none.
    public static func refusal(of writes: [RecordWrite], store: String) -> StoreError? {
        var keys: Set<RecordKey> = []
        for write in writes {
            guard keys.insert(write.key).inserted else {
                return StoreError(
                    .unsupported, store: store,
                    detail: "the batch writes the key \(write.key) twice; nothing was written. Write each key once.")
            }
            if let problem = problem(of: write) {
                return StoreError(.unsupported, store: store, detail: "\(write.key): \(problem); nothing was written.")
            }
        }
        return nil
    }

    /// The reason to refuse lifetimes: one of less than a second.
    ///
    /// Nil if there is none.
    public static func refusal(of lifetimes: [RecordKey: Lifetime], store: String) -> StoreError? {
        for (key, lifetime) in lifetimes {
            if let problem = problem(of: lifetime) {
                return StoreError(.unsupported, store: store, detail: "\(key): \(problem); nothing was written.")
            }
        }
        return nil
    }

    private static func problem(of write: RecordWrite) -> String? {
        switch (write.expectation, write.change) {
        case (.absent, .put(_, _, .keep)):
            "a record that is not there has no life to keep, give it one"
        case (.absent, .delete), (.absent, .retime):
            "a record that is expected to be absent can only be added"
        case (_, .put(_, _, .renew(let lifetime))), (.unchanged, .retime(let lifetime)):
            problem(of: lifetime)
        case (.unchanged, _):
            nil
        }
    }

    private static func problem(of lifetime: Lifetime) -> String? {
        switch lifetime {
        case .never: nil
        case .seconds(let seconds): seconds >= 1 ? nil : "a life of \(seconds) s is over, delete the record instead"
        }
    }
}
