public import SessionCore

/// Sessions that Zope keeps by Products.mcdutils: key the browser id, payload a pickle, flags 1.
///
/// Follows Products.mcdutils 5.1 and the ids of Products.Sessions 6.2: eight digits, and a time in the base64 of 11 characters,
/// the first of which is `A` or `B` from 1900 to the year 2150. The id in its documentation has a character more, and is taken too.
/// Records have no end of life, and nothing stands before an id, so the container is `(other)`.
public struct MCDUtilsProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `mcdutils`.
    public var name: String { "mcdutils" }
    /// `Zo`.
    public var label: String { "Zo" }
    /// Pickles.
    public var formats: [any PayloadFormat] { [PickleFormat(), HexFormat()] }
    /// A pickle of an empty mapping, flags 1: what python-memcached writes for any object.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PickleFormat(template: Self.emptySession), 1) }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }

    /// A mapping without keys.
    private static let emptySession = "ccopy_reg\n__newobj__\n(cProducts.mcdutils.mapping\nMemCacheMapping\ntR(db."

    /// `_ZopeId`.
    public var cookieNames: [String] { ["_ZopeId"] }

    /// Takes browser ids, and what Zope's cache manager keeps beside them: `PATH|VIEW|REQUEST|KEYS`.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        if key.first == UInt8(ascii: "/") {
            return key.count { $0 == UInt8(ascii: "|") } >= 3 ? .other("cached page") : .unclaimed
        }
        guard 19...20 ~= key.count, key.prefix(8).allSatisfy(\.isDigit),
            UInt8(ascii: "A")...UInt8(ascii: "B") ~= key[key.startIndex + 8],
            key.dropFirst(9).allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return .unclaimed }
        return .session(KeyOwner(container: 0..<0, session: 0..<key.count))
    }

    /// The id; behind the container's name where it has one.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + session)
    }

    /// Sure: the session's class is the first that its pickle names.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? { payload.mentions("Products.mcdutils.mapping") }
}
