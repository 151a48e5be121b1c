internal import SessionCore

/// The settings of score.session as they stand under `[session]` of its configuration file, with its defaults.
///
/// Follows score.session 0.5.3 and score.init 0.8.1.
public struct ScoreSessionSettings: Hashable, Sendable {
    /// `kvcache.container`: where sessions are, if they are not in a table.
    public var container = "score.session"
    /// `kvcache.livedata`: whether each reading asks the store.
    public var isLive = false
    /// `ctx.member`: the name of the session in the request's context; nil for none.
    public var contextMember: String? = "session"
    /// `orm.class`, earlier `db.class`: the class whose table the sessions are in; nil for the cache.
    public var tableClass: String?
    /// The cookie; nil if `cookie` is `None`.
    public var cookie: CookieSettings?

    /// The names of all settings.
    public static let names = [
        "orm.class", "db.class", "kvcache.container", "kvcache.livedata", "ctx.member", "cookie", "cookie.max_age",
        "cookie.path", "cookie.domain", "cookie.secure", "cookie.httponly", "cookie.samesite",
    ]

    /// Reads settings.
    ///
    /// - Parameter settings: Texts by the settings' names; those left out have score's default: a cookie `session` for `/` until the
    ///   browser is closed, `Secure` and `HttpOnly`, without `SameSite`.
    /// - Throws: If a name is none of `names`, or a text is not what the setting takes.
    public init(_ settings: [String: String] = [:]) throws(ScoreSettingsError) {
        if let unknown = settings.keys.sorted().first(where: { !Self.names.contains($0) }) {
            throw ScoreSettingsError(
                name: unknown, text: settings[unknown] ?? "",
                wanted: "one of the settings " + Self.names.joined(separator: ", "))
        }
        /// A text; nil where it is left out or `None`.
        func text(_ name: String) -> String? { settings[name].flatMap { $0.isEmpty || $0 == "None" ? nil : $0 } }
        if let name = text("kvcache.container") { container = name }
        isLive = try Self.boolean("kvcache.livedata", settings) ?? false
        if settings["ctx.member"] != nil { contextMember = text("ctx.member") }
        tableClass = text("orm.class") ?? text("db.class")
        if settings["cookie"] != nil, text("cookie") == nil { return }
        let lifetime = try text("cookie.max_age").map { age throws(ScoreSettingsError) in
            CookieLifetime.seconds(max(1, try Self.seconds(ofInterval: age, setting: "cookie.max_age")))
        }
        let isSecure = try Self.boolean("cookie.secure", settings) ?? true
        let isHTTPOnly = try Self.boolean("cookie.httponly", settings) ?? true
        let sameSite = try Self.sameSite(text("cookie.samesite"))
        do throws(CookieError) {
            cookie = try CookieSettings(
                CookieName(text("cookie") ?? "session"), lifetime: lifetime ?? .browser, domain: text("cookie.domain"),
                path: text("cookie.path") ?? "/", isSecure: isSecure, isHTTPOnly: isHTTPOnly, sameSite: sameSite)
        } catch {
            let name = Self.setting(brokenBy: error)
            throw ScoreSettingsError(name: name, text: settings[name] ?? "", wanted: error.description)
        }
    }
}

extension ScoreSessionSettings {
    /// The units of `seconds(ofInterval:)`, in milliseconds.
    private static let units: [String: Int64] = [
        "ms": 1, "millisecond": 1, "milliseconds": 1, "s": 1000, "sec": 1000, "second": 1000, "seconds": 1000,
        "m": 60_000, "min": 60_000, "minute": 60_000, "minutes": 60_000, "h": 3_600_000, "hour": 3_600_000,
        "hours": 3_600_000, "d": 86_400_000, "day": 86_400_000, "days": 86_400_000, "w": 604_800_000,
        "week": 604_800_000, "weeks": 604_800_000,
    ]

    /// How long an interval of score's configuration is, such as `30d`, `1 minute` or `0`.
    ///
    /// - Parameter text: Digits and a unit: milliseconds, seconds, minutes, hours, days or weeks, by name or first letters.
    /// - Returns: Whole seconds, at most 100 years.
    /// - Throws: If it is no interval.
    public static func seconds(ofInterval text: String) throws(ScoreSettingsError) -> Int64 {
        try seconds(ofInterval: text, setting: "an interval")
    }

    private static func seconds(
        ofInterval text: String, setting name: String
    ) throws(ScoreSettingsError) -> Int64 {
        let wanted = "an interval such as 30d, 1 minute or 0"
        let words = text.lowercased().filter { $0 != " " && $0 != "\t" }
        if words == "0" { return 0 }
        let digits = words.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let unit = units[String(words.dropFirst(digits.count))] else {
            throw ScoreSettingsError(name: name, text: text, wanted: wanted)
        }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? ContainerTiming.longest : min(milliseconds / 1000, ContainerTiming.longest)
    }

    /// The name of the setting that a cookie's fault stands in.
    private static func setting(brokenBy error: CookieError) -> String {
        switch error {
        case .character("domain", _), .shortDomain: "cookie.domain"
        case .character("path", _), .relativePath: "cookie.path"
        case .sameSiteNoneNeedsSecure: "cookie.samesite"
        case .lifetime: "cookie.max_age"
        case .name, .character, .brokenPrefix: "cookie"
        }
    }

    private static func boolean(
        _ name: String, _ settings: [String: String]
    ) throws(ScoreSettingsError) -> Bool? {
        guard let text = settings[name] else { return nil }
        switch text.lowercased() {
        case "1", "yes", "true", "on": return true
        case "0", "no", "false", "off": return false
        default: throw ScoreSettingsError(name: name, text: text, wanted: "true or false")
        }
    }

    private static func sameSite(_ text: String?) throws(ScoreSettingsError) -> SameSite? {
        switch text?.lowercased() {
        case nil, "none": return nil
        case "lax": return .lax
        case "strict": return .strict
        case .some: throw ScoreSettingsError(name: "cookie.samesite", text: text ?? "", wanted: "Lax, Strict or none")
        }
    }
}

/// Why a setting of score.session cannot be used.
public struct ScoreSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting's name.
    public var name: String
    /// What stands there.
    public var text: String
    /// What it takes.
    public var wanted: String

    /// A sentence that says what stands where, and what it takes.
    public var description: String {
        PrintableText.escaping("\(name) is \(text), and takes \(wanted)")
    }
}
