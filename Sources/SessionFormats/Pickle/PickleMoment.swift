/// A date, a time or both, as CPython's `datetime` keeps them in 4, 6 or 10 bytes.
///
/// Follows CPython's `Lib/_pydatetime.py`, `_getstate`. A repeated hour (`fold`) is not shown, so such a value is none of these.
struct PickleMoment: Hashable {
    let className: String
    private(set) var year = 1
    private(set) var month = 1
    private(set) var day = 1
    private(set) var hour = 0
    private(set) var minute = 0
    private(set) var second = 0
    private(set) var microsecond = 0
    /// Seconds east of UTC; nil for a time without zone.
    var offset: Int?

    private var hasDate: Bool { className != PickleClass.time }
    private var hasTime: Bool { className != PickleClass.date }

    /// The moment of the bytes that are pickled; nil if they are none.
    init?(_ bytes: [UInt8], className: String, offset: Int? = nil) {
        self.className = className
        self.offset = offset
        var rest = bytes[...]
        if hasDate {
            guard rest.count >= 4 else { return nil }
            year = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
            month = Int(rest.removeFirst())
            day = Int(rest.removeFirst())
        }
        if hasTime {
            guard rest.count == 6 else { return nil }
            hour = Int(rest.removeFirst())
            minute = Int(rest.removeFirst())
            second = Int(rest.removeFirst())
            microsecond = Int(rest.removeFirst()) << 16 | Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
        }
        guard rest.isEmpty, isValid else { return nil }
    }

    /// The bytes that are pickled.
    var bytes: [UInt8] {
        let date = [UInt8(year >> 8), UInt8(year & 0xFF), UInt8(month), UInt8(day)]
        let time = [
            UInt8(hour), UInt8(minute), UInt8(second), UInt8(microsecond >> 16), UInt8(microsecond >> 8 & 0xFF),
            UInt8(microsecond & 0xFF),
        ]
        return (hasDate ? date : []) + (hasTime ? time : [])
    }

    private var isValid: Bool {
        guard 1...9999 ~= year, 1...12 ~= month, 0...23 ~= hour, 0...59 ~= minute, 0...59 ~= second,
            0...999_999 ~= microsecond, abs(offset ?? 0) < 86400
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return 1...days[month - 1] ~= day
    }
}

extension PickleMoment {
    /// The text that Python's `isoformat` gives.
    var text: String {
        var text = hasDate ? "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))" : ""
        guard hasTime else { return text }
        if hasDate { text += "T" }
        text += "\(Self.digits(hour, 2)):\(Self.digits(minute, 2)):\(Self.digits(second, 2))"
        if microsecond > 0 { text += "." + Self.digits(microsecond, 6) }
        guard let offset else { return text }
        let distance = abs(offset)
        text += (offset < 0 ? "-" : "+") + Self.digits(distance / 3600, 2) + ":" + Self.digits(distance / 60 % 60, 2)
        return distance % 60 == 0 ? text : text + ":" + Self.digits(distance % 60, 2)
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// The moment that such a text names; nil if it names none.
    ///
    /// A blank between date and time is read too.
    init?(text: String, className: String) {
        self.className = className
        var rest = Array(text.utf8)[...]
        func number(_ width: Int) -> Int? {
            guard rest.count >= width, rest.prefix(width).allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
            else { return nil }
            defer { rest = rest.dropFirst(width) }
            return rest.prefix(width).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        func skip(_ marks: String) -> Bool {
            guard let first = rest.first, marks.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        if hasDate {
            guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2) else {
                return nil
            }
            (self.year, self.month, self.day) = (year, month, day)
            if hasTime { guard skip("T ") else { return nil } }
        }
        if hasTime {
            guard let hour = number(2), skip(":"), let minute = number(2) else { return nil }
            (self.hour, self.minute) = (hour, minute)
            if skip(":") {
                guard let second = number(2) else { return nil }
                self.second = second
            }
            if skip(".") {
                let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
                guard 1...6 ~= digits, let fraction = number(digits) else { return nil }
                microsecond = fraction
                for _ in digits..<6 { microsecond *= 10 }
            }
            if let sign = rest.first, skip("+-") {
                guard let hours = number(2), skip(":"), let minutes = number(2) else { return nil }
                let seconds = skip(":") ? number(2) : 0
                guard let seconds, hours < 24, minutes < 60, seconds < 60 else { return nil }
                offset = (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds)
            }
        }
        guard rest.isEmpty, isValid else { return nil }
    }
}
