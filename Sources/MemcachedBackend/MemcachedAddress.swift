/// Why some text is no address of a memcached server.
public struct MemcachedAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public var text: String
    /// What is wrong with it and what is right.
    public var detail: String

    /// The sentence shown to a user.
    public var description: String { "\"\(text)\" is no memcached address: \(detail)" }
}

/// Where a memcached server listens.
public enum MemcachedAddress: Hashable, Sendable, CustomStringConvertible {
    /// A TCP port; the host is a name or an IP address, IPv6 without brackets.
    case tcp(host: String, port: Int)
    /// A unix socket by its absolute path.
    case unix(path: String)

    /// The port that a host without one means.
    public static let defaultPort = 11211

    /// The longest path a unix socket can have in bytes.
    static let longestPath = 107

    /// Reads `host`, `host:port`, `[::1]:port`, these after `memcached://`, or `unix:///path`.
    ///
    /// Throws what is wrong with anything else.
    public init(parsing text: String) throws(MemcachedAddressError) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst(7))
            guard path.hasPrefix("/"), path.utf8.count > 1, path.utf8.count <= Self.longestPath else {
                throw MemcachedAddressError(
                    text: text,
                    detail: "the socket's path must be absolute, as in unix:///run/memcached.sock, and at most "
                        + "\(Self.longestPath) bytes long.")
            }
            self = .unix(path: path)
            return
        }
        var rest = text.hasPrefix("memcached://") ? text.dropFirst(12) : text[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let host: Substring
        let port: Substring?
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else {
                throw MemcachedAddressError(text: text, detail: "the [ has no ]. Write [::1]:11211.")
            }
            host = rest[rest.index(after: rest.startIndex)..<end]
            let behind = rest[rest.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else {
                throw MemcachedAddressError(text: text, detail: "after ] comes :port or nothing.")
            }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else {
            guard rest.count(where: { $0 == ":" }) <= 1 else {
                throw MemcachedAddressError(
                    text: text, detail: "an IPv6 address needs brackets, as in [::1]:11211.")
            }
            let colon = rest.firstIndex(of: ":")
            host = rest[..<(colon ?? rest.endIndex)]
            port = colon.map { rest[rest.index(after: $0)...] }
        }
        guard !host.isEmpty, host.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "/" && $0 != "@" && $0 != "," })
        else {
            throw MemcachedAddressError(text: text, detail: "there is no host name in it. Write host:port.")
        }
        guard let number = port.map({ Int($0) }) ?? Self.defaultPort, (1...65535).contains(number) else {
            throw MemcachedAddressError(text: text, detail: "the port is a number from 1 to 65535.")
        }
        self = .tcp(host: String(host), port: number)
    }

    /// The address as a user would write it: `host:port`, `[::1]:port` or `unix:///path`.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix://\(path)"
        }
    }
}
