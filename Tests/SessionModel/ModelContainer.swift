internal import OrderedCollections
internal import SessionCore

/// A container of a sequence: what the model has to know of it.
public struct ModelContainer: Hashable, Sendable {
    /// Whose sessions it holds, and in which records.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Ours, all packages in one record.
        case packages
        /// Ours, each package in a record of its own.
        case split
        /// Another framework's, one unnamed package.
        case flat
        /// Another framework's, all packages in one record.
        case guest
    }

    /// The name in keys.
    public var name: String
    /// Whose sessions it holds.
    public var kind: Kind
    /// The timeout in seconds as given; 0 for never.
    public var timeout: Int64
    /// The resolution in seconds as given.
    public var resolution: Int64

    /// Whether an emptied session is deleted, and a written one starts its life anew.
    var isOurs: Bool { kind == .packages || kind == .split }
    /// Whether the top level of a record is packages.
    var holdsPackages: Bool { kind == .packages || kind == .guest }
    /// Whether each package has a record of its own.
    var isSplit: Bool { kind == .split }

    /// The key of a record; `part` is the package where each has a record of its own, else empty.
    func key(_ id: String, _ part: String) -> String { isSplit ? "\(name)/\(id)/\(part)" : "\(name)/\(id)" }

    /// Whether a tree holds nothing that a session of this container could hold.
    func isNothing(_ tree: SessionValue) -> Bool {
        guard let map = tree.map else { return false }
        return map.values.allSatisfy { kind == .packages && $0.map?.isEmpty == true }
    }
}

/// Timeouts, as `ContainerTiming` describes them.
extension ModelContainer {
    /// Seconds from a write or touch to the end of a record; nil for no end.
    var life: Int64? { timeout == 0 ? nil : timeout + effectiveResolution }

    /// Seconds of a life that another writer gave, which is to be refreshed at once.
    var shortLife: Int64 { max(15, max(timeout, resolution) / 4) }

    private var effectiveResolution: Int64 { timeout > 0 && resolution >= timeout ? timeout / 2 : resolution }

    /// When a record ends that is written or touched now; nil for never.
    func end(from now: Timestamp) -> Timestamp? { life.map { now.adding(milliseconds: $0 * 1000) } }

    /// Whether a session that was last used then is gone now.
    func isTimedOut(_ lastAccess: Timestamp, at now: Timestamp) -> Bool {
        timeout > 0 && now.milliseconds - lastAccess.milliseconds > timeout * 1000
    }

    /// Whether the last refresh of a record that ends then is older than the resolution, or its life none of this container.
    func needsRefresh(_ end: Timestamp?, at now: Timestamp) -> Bool {
        guard let life else { return end != nil }
        guard let end else { return true }
        let age = now.milliseconds - (end.milliseconds - life * 1000)
        return age > effectiveResolution * 1000 || age < -1000
    }
}
