internal import Glibc
internal import MemcachedBackend
internal import SQLiteBackend

extension StoreAddress {
    /// What all spellings of one store have in common, so that what the config file says of a store holds however it is called.
    ///
    /// Paths are resolved, hosts are compared without case, and all names of this machine are one. Other names are not looked up: the answer could
    /// be another one tomorrow.
    var place: String {
        switch self {
        case .demo: "demo:"
        case .memory: "memory:"
        case .memcached(.tcp(let host, let port)): "\(Self.host(host)):\(port)"
        case .memcached(.unix(let path)): Self.resolved(path)
        case .sqlite(let address): Self.resolved(address.path)
        }
    }

    private static func host(_ name: String) -> String {
        let name = name.lowercased()
        let isThisMachine = name == "localhost" || name == "::1" || name.hasPrefix("127.")
        return isThisMachine ? "localhost" : name
    }

    /// The path without links and dots; of a file that is not there, its folder's with its name.
    static func resolved(_ path: String) -> String {
        if let whole = real(path) { return whole }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        return real(folder).map { $0 == "/" ? "/\(name)" : "\($0)/\(name)" } ?? path
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
