import SessionCore

/// How a key travels: as it is, or base64 with the `b` flag where its bytes would break a command line.
///
/// Only the meta commands take the encoded form. The classic `add` and `cas`, which keep the present value when the
/// payload is refused, do not, so such a key can be read, touched and deleted, and not written.
struct WireKey: Hashable, Sendable {
    static let longest = 250

    /// The bytes to send.
    let bytes: [UInt8]
    /// Whether they are base64.
    let isEncoded: Bool

    /// Nil for a key that cannot be named in any command.
    init?(_ key: RecordKey) {
        guard !key.bytes.isEmpty, key.bytes.count <= Self.longest else { return nil }
        if key.bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) {
            bytes = key.bytes
            isEncoded = false
        } else {
            // 1.6.18 counts the encoded bytes against the limit of 250.
            let encoded = Base64.encode(key.bytes)
            guard encoded.count <= Self.longest else { return nil }
            bytes = encoded
            isEncoded = true
        }
    }
}

/// Which keys memcached takes.
enum KeyRules {
    /// Why a key cannot be used, or nil.
    ///
    /// `forWriting` asks for the classic commands, which take no encoded keys.
    static func refusal(of key: RecordKey, forWriting: Bool, store: String) -> StoreError? {
        let count = key.bytes.count
        guard count >= 1, count <= WireKey.longest else {
            return error(
                "the key \(key) has \(count) bytes; memcached takes 1 to \(WireKey.longest). "
                    + "Nothing was sent; use another key.", store)
        }
        guard let wire = WireKey(key) else {
            return error(
                "the key \(key) has blanks or control bytes and is too long to be sent as base64, which memcached "
                    + "takes up to \(WireKey.longest) bytes. Nothing was sent; use another key.", store)
        }
        guard wire.isEncoded, forWriting else { return nil }
        return error(
            "the key \(key) has blanks or control bytes; memcached takes those only with `ms`, which deletes the "
                + "present value when it refuses a larger one. Nothing was sent; the record can be read and deleted.",
            store)
    }

    private static func error(_ detail: String, _ store: String) -> StoreError {
        StoreError(.badKey, store: store, detail: detail)
    }
}
