public import SessionCore

/// One promise of `SessionStore`, checked against any store.
///
/// A law uses keys under a prefix of its own and removes them at its end, so laws can run at once on one server.
public struct StoreLaw: Sendable, CustomStringConvertible {
    /// What must be true, as a sentence.
    public let name: String
    /// What a store must be able to do for this law to mean anything.
    public let needs: StoreCapabilities
    /// Checks it; records an issue for each thing that is not true.
    public let check: @Sendable (any SessionStore) async throws -> Void

    /// The law's name, which test reports show.
    public var description: String { name }

    init(
        _ name: String, needs: StoreCapabilities = [],
        check: @escaping @Sendable (LawKeys, any SessionStore) async throws -> Void
    ) {
        self.name = name
        self.needs = needs
        self.check = { store in
            let keys = LawKeys()
            do {
                try await check(keys, store)
            } catch {
                try? await keys.remove(from: store)
                throw error
            }
            try await keys.remove(from: store)
        }
    }

    /// All laws.
    public static let all: [StoreLaw] = loading + writing + conflicts + lives + limits + scanning + costs + concurrency

    /// The laws that a store with these capabilities must keep.
    public static func kept(by capabilities: StoreCapabilities) -> [StoreLaw] {
        all.filter { capabilities.isSuperset(of: $0.needs) }
    }
}
