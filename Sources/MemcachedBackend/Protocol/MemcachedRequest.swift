import SessionCore

/// One command, with everything that goes over the wire.
///
/// Writing uses the classic `add` and `cas`: a payload that is too large deletes the present value with `set` and
/// with `ms` in every mode, and leaves it alone with `cas` (1.6.18).
enum MemcachedRequest: Hashable, Sendable {
    case version
    case stats
    case settings
    /// The record with its payload; leaves last access and fetched mark as they are.
    case read(RecordKey)
    /// The record without its payload, likewise.
    case check(RecordKey)
    case add(RecordKey, flags: UInt32, expiry: Int64, payload: [UInt8])
    case compareAndSwap(RecordKey, flags: UInt32, expiry: Int64, payload: [UInt8], revision: Revision)
    case delete(RecordKey, revision: Revision)
    /// A new life; unlike the classic `touch` the meta form repeats the key in its answer and takes any key.
    case touch(RecordKey, expiry: Int64)

    /// The key it is about.
    var key: RecordKey? {
        switch self {
        case .version, .stats, .settings: nil
        case .read(let key), .check(let key), .touch(let key, _), .delete(let key, _): key
        case .add(let key, _, _, _), .compareAndSwap(let key, _, _, _, _): key
        }
    }

    /// The payload that follows the command line.
    private var payload: [UInt8]? {
        switch self {
        case .add(_, _, _, let payload), .compareAndSwap(_, _, _, let payload, _): payload
        default: nil
        }
    }

    /// The command line without its end.
    ///
    /// Keys must have been checked by `KeyRules`.
    var line: [UInt8] {
        switch self {
        case .version: Array("version".utf8)
        case .stats: Array("stats".utf8)
        case .settings: Array("stats settings".utf8)
        case .read(let key): Self.meta("mg", key, "k v f t c s u")
        case .check(let key): Self.meta("mg", key, "k f t c s u")
        case .delete(let key, let revision): Self.meta("md", key, "C\(revision.number) k")
        case .touch(let key, let expiry): Self.meta("mg", key, "k T\(expiry)")
        case .add(let key, let flags, let expiry, let payload):
            Self.classic("add", key, "\(flags) \(expiry) \(payload.count)")
        case .compareAndSwap(let key, let flags, let expiry, let payload, let revision):
            Self.classic("cas", key, "\(flags) \(expiry) \(payload.count) \(revision.number)")
        }
    }

    /// Appends the bytes to send.
    func encode(into bytes: inout [UInt8]) {
        bytes += line
        bytes += [0x0D, 0x0A]
        guard let payload else { return }
        bytes += payload
        bytes += [0x0D, 0x0A]
    }

    /// The first command of a batch and how many follow, printable and without payload.
    static func summary(of requests: [MemcachedRequest]) -> String {
        guard let first = requests.first else { return "" }
        return PrintableText.escaping(first.line) + (requests.count > 1 ? " (+\(requests.count - 1))" : "")
    }

    private static func meta(_ command: String, _ key: RecordKey, _ flags: String) -> [UInt8] {
        let wire = WireKey(key)
        let encoding = wire?.isEncoded == true ? " b " : " "
        return Array("\(command) ".utf8) + (wire?.bytes ?? []) + Array("\(encoding)\(flags)".utf8)
    }

    private static func classic(_ command: String, _ key: RecordKey, _ rest: String) -> [UInt8] {
        Array("\(command) ".utf8) + key.bytes + Array(" \(rest)".utf8)
    }
}
