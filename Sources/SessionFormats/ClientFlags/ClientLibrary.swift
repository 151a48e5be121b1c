/// A client library of memcached, for what the flags it stores with a value mean.
///
/// The same number means different things to different libraries, so only the profile that claims a record can tell.
public enum ClientLibrary: Hashable, Sendable, CaseIterable {
    /// python-memcached, pylibmc and pymemcache.
    case python
    /// php-memcached, the extension `memcached`.
    case phpMemcached
    /// pecl-memcache, the extension `memcache`.
    case peclMemcache
    /// Ruby's dalli.
    case dalli
    /// Java's spymemcached.
    case spymemcached
    /// Node's `memcached`.
    case nodeMemcached

    /// The flags in words, such as `FastLZ, string`; nil for flags that the library does not set.
    public func meaning(of flags: UInt32) -> String? {
        switch self {
        case .python:
            Self.words(flags, [(1, "pickle"), (2, "int"), (4, "long"), (8, "zlib"), (16, "text")], none: "bytes")
        case .phpMemcached: Self.php(flags)
        case .peclMemcache:
            Self.words(
                flags & 0xFF, [(1, "serialized"), (2, "zlib")],
                none: [0x0100: "bool", 0x0300: "int", 0x0700: "float"][flags & 0xFF00] ?? "string")
        case .dalli: Self.words(flags, [(1, "Marshal"), (2, "zlib"), (4, "UTF-8")], none: "bytes")
        case .spymemcached:
            Self.words(
                flags & 0xFF, [(1, "Java object"), (2, "gzip")],
                none: Self.javaTypes[flags & 0xFF00] ?? "string")
        case .nodeMemcached: Self.words(flags, [(2, "JSON"), (4, "binary"), (8, "number")], none: "text")
        }
    }

    private static let javaTypes: [UInt32: String] = [
        0x0100: "boolean", 0x0200: "int", 0x0300: "long", 0x0400: "date", 0x0500: "byte", 0x0600: "float",
        0x0700: "double", 0x0800: "bytes",
    ]

    private static func words(_ flags: UInt32, _ bits: [(UInt32, String)], none: String) -> String? {
        let known = bits.reduce(UInt32(0)) { $0 | $1.0 }
        guard flags & ~known == 0 else { return nil }
        return flags == 0 ? none : bits.filter { flags & $0.0 != 0 }.map(\.1).joined(separator: ", ")
    }

    private static func php(_ flags: UInt32) -> String? {
        let types = ["string", "int", "float", "bool", "serialized", "igbinary", "JSON", "msgpack"]
        guard let type = types.indices.contains(Int(flags & 15)) ? types[Int(flags & 15)] : nil else { return nil }
        guard flags & 16 != 0 else { return flags & 0xFFF0 == 0 ? type : nil }
        let methods = [(UInt32(32), "zlib"), (64, "FastLZ"), (128, "zstd")].filter { flags & $0.0 != 0 }.map(\.1)
        return (methods.isEmpty ? ["compressed"] : methods).joined(separator: ", ") + ", " + type
    }
}
