internal import SessionCore

/// The classes whose instances are shown in a form of their own, and edited in it.
enum PickleClass {
    static let byteArray = "builtins.bytearray"
    static let frozenSet = "builtins.frozenset"
    static let date = "datetime.date"
    static let time = "datetime.time"
    static let dateTime = "datetime.datetime"
    static let timeDelta = "datetime.timedelta"
    static let timeZone = "datetime.timezone"
    static let decimal = "decimal.Decimal"
    static let uuid = "uuid.UUID"
    static let orderedDict = "collections.OrderedDict"
    static let defaultDict = "collections.defaultdict"
    /// A class or function itself.
    static let global = "global"
    /// Text with half a surrogate pair.
    static let brokenText = "builtins.str"
    /// A whole number with more digits than are printed.
    static let hugeNumber = "builtins.int"

    /// Classes of session systems that are dicts to whoever uses them: their content is shown in their place.
    static let sessionItems: Set<String> = [
        "lovely.session.memcached.MemCacheSessionData", "lovely.session.memcached.MemCachePkgData",
        "p01.session.session.SessionData",
    ]

    /// Classes of session systems whose members are instances of another one.
    static let memberClasses: [String: (module: String, name: String)] = [
        "lovely.session.memcached.MemCacheSessionData": ("lovely.session.memcached", "MemCachePkgData")
    ]

    /// As `sessionItems`, with the content in the instance's state.
    static let sessionStates: Set<String> = ["Products.mcdutils.mapping.MemCacheMapping"]
}
