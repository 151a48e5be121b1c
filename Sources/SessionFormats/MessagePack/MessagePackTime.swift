internal import SessionCore

/// The timestamp extension: seconds since 1970 and nanoseconds, in 4, 8 or 12 bytes.
struct MessagePackTime: Hashable {
    /// What timestamps are shown as instances of.
    static let className = "timestamp"

    let seconds: Int64
    let nanoseconds: Int

    /// The time of an extension's content; nil if it is none.
    init?(_ content: [UInt8]) {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        switch content.count {
        case 4: (seconds, nanoseconds) = (Int64(number(content[...])), 0)
        case 8:
            let both = number(content[...])
            (seconds, nanoseconds) = (Int64(both & 0x3_FFFF_FFFF), Int(both >> 34))
        case 12: (nanoseconds, seconds) = (Int(number(content[..<4])), Int64(bitPattern: number(content[4...])))
        default: return nil
        }
        guard nanoseconds < 1_000_000_000, Self.years.contains(seconds) else { return nil }
    }

    /// The years 1 to 9999, beyond which the text has no four digits.
    private static let years: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// The content, in the shortest form.
    var content: [UInt8] {
        func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(number >> UInt64(8 * $0) & 0xFF) }
        }
        guard seconds >= 0, seconds < 1 << 34 else {
            return bytes(UInt64(nanoseconds), 4) + bytes(UInt64(bitPattern: seconds), 8)
        }
        if nanoseconds == 0, seconds < 1 << 32 { return bytes(UInt64(seconds), 4) }
        return bytes(UInt64(nanoseconds) << 34 | UInt64(seconds), 8)
    }

    /// Date and time of RFC 3339 in UTC, such as `2024-02-29T12:30:00.5Z`.
    var text: String {
        let days = Int((Double(seconds) / 86400).rounded(.down))
        let rest = Int(seconds) - days * 86400
        let date = CivilDate(days: days)
        let (year, month, day) = (date.year, date.month, date.day)
        var text =
            "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
            + "T\(Self.digits(rest / 3600, 2)):\(Self.digits(rest / 60 % 60, 2)):\(Self.digits(rest % 60, 2))"
        if nanoseconds > 0 {
            var fraction = Self.digits(nanoseconds, 9)
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return text + "Z"
    }

    /// The time that such a text names; nil if it names none.
    init?(text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ width: Int) -> Int? {
            guard rest.count >= width, rest.prefix(width).allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
            else { return nil }
            defer { rest = rest.dropFirst(width) }
            return rest.prefix(width).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        func skip(_ mark: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: mark) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2), skip("T"),
            let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2)
        else { return nil }
        var fraction = 0
        if skip(".") {
            let width = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
            guard 1...9 ~= width, let digits = number(width) else { return nil }
            fraction = digits
            for _ in width..<9 { fraction *= 10 }
        }
        guard skip("Z"), rest.isEmpty, 1...9999 ~= year, 1...12 ~= month, hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(days: date.days) == date else { return nil }
        seconds = Int64(date.days * 86400 + hour * 3600 + minute * 60 + second)
        nanoseconds = fraction
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
