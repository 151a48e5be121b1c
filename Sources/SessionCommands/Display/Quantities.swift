public import SessionCore

/// Numbers as people read them.
public enum Quantities {
    /// Bytes in at most four characters and a letter: `146`, `5.1K`, `118M`.
    public static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return String(count) }
        var value = Double(count)
        for unit in ["K", "M", "G", "T"] {
            value /= 1024
            if value < 9.95 {
                let tenths = Int((value * 10).rounded())
                return "\(tenths / 10).\(tenths % 10)\(unit)"
            }
            if value < 999.5 { return "\(Int(value.rounded()))\(unit)" }
        }
        return "\(Int(value.rounded()))T"
    }

    /// A number with separators: `182,431`.
    public static func count(_ number: Int) -> String {
        var digits = String(abs(number))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// A number and a noun that follows it: `1 record`, `3 records`.
    public static func count(_ number: Int, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Seconds in the largest unit that keeps two digits: `45s`, `23m`, `13d`.
    public static func duration(seconds: Int64) -> String {
        switch seconds {
        case ..<0: "0s"
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }

    /// What is left of a life: `never`, `gone`, `23m`.
    public static func life(_ expiry: Expiry, at now: Timestamp) -> String {
        guard let seconds = expiry.secondsLeft(at: now) else { return "never" }
        return seconds == 0 ? "gone" : duration(seconds: seconds)
    }

    /// A life as `ttl` takes it.
    public static func lifetime(_ lifetime: Lifetime) -> String {
        switch lifetime {
        case .never: "never"
        case .seconds(let seconds): exact(seconds)
        }
    }

    private static func exact(_ seconds: Int64) -> String {
        for (unit, letter) in [(86_400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)]
        where seconds % unit == 0 && seconds > 0 {
            return "\(seconds / unit)\(letter)"
        }
        return "\(seconds)s"
    }

    /// Microseconds as milliseconds: `0.18 ms`.
    public static func milliseconds(_ microseconds: Int64) -> String {
        let hundredths = (microseconds + 5) / 10
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) ms"
    }

    /// The time of day in UTC: `12:04:20`.
    public static func timeOfDay(_ moment: Timestamp) -> String {
        let seconds = ((moment.seconds % 86_400) + 86_400) % 86_400
        func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// Day and time of day in UTC: `2027-01-15 08:00:00`.
    public static func moment(_ moment: Timestamp) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let date = CivilDate(days: Int((Double(moment.seconds) / 86_400).rounded(.down)))
        return "\(date.year)-\(two(date.month))-\(two(date.day)) \(timeOfDay(moment))"
    }
}
