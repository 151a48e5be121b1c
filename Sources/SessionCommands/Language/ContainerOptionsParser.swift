internal import SessionCore

extension Command {
    /// Reads what stands behind `use NAME`.
    static func parseUse(_ name: String, _ words: inout CommandWords) throws(CommandFailure) -> Command {
        var options = ContainerOptions()
        while let word = try words.next() {
            guard let equals = word.firstIndex(of: "=") else {
                options.profile = word
                continue
            }
            let value = String(word[word.index(after: equals)...])
            switch word[..<equals] {
            case "timeout": options.timeout = try seconds(value)
            case "resolution": options.resolution = try seconds(value)
            case "limit":
                guard let limit = Int(value), limit >= 0 else {
                    throw CommandFailure(.usage, "use: limit takes a number of sessions, 0 for any number")
                }
                options.limit = limit
            case "live":
                guard value == "on" || value == "off" else {
                    throw CommandFailure(.usage, "use: live takes on or off")
                }
                options.isLive = value == "on"
            case "role":
                guard let role = ContainerRole(rawValue: value) else {
                    throw CommandFailure(.usage, "use: role takes console or application")
                }
                options.role = role
            default:
                throw CommandFailure(
                    .usage,
                    "use: no setting \(PrintableText.escaping(word)); there are timeout=D, resolution=D, limit=N, live=on, role=application"
                )
            }
        }
        return .use(container: name, options: options)
    }

    /// A duration in seconds; 0 and `never` are 0.
    private static func seconds(_ text: String) throws(CommandFailure) -> Int64 {
        if text == "0" { return 0 }
        switch try lifetime(text) {
        case .never: return 0
        case .seconds(let seconds): return seconds
        }
    }

    /// A step of the clock such as `+90s` or `-5m`, in milliseconds.
    static func clockStep(_ text: String) throws(CommandFailure) -> Int64 {
        let sign: Int64 = text.hasPrefix("-") ? -1 : 1
        let digits = text.hasPrefix("+") || text.hasPrefix("-") ? String(text.dropFirst()) : text
        guard case .seconds(let seconds) = try lifetime(digits) else {
            throw CommandFailure(.usage, "clock takes a duration, as in clock +90s")
        }
        return sign * seconds * 1000
    }
}
