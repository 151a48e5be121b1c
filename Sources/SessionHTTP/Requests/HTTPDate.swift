internal import FoundationEssentials
public import SessionCore

/// Dates in headers: RFC 9110, section 5.6.7.
public enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// A date such as `Sun, 06 Nov 1994 08:49:37 GMT`; what lies after the year 9999, or never comes, is its last second.
    public static func text(of expiry: Expiry) -> String {
        let last: Int64 = 253_402_300_799
        let date = UniversalTime(of: expiry == .never ? last : min(max(expiry.seconds, 0), last))
        let time = [date.hour, date.minute, date.second].map(twoDigits).joined(separator: ":")
        let year = String(repeating: "0", count: max(0, 4 - String(date.year).count)) + String(date.year)
        return "\(weekdays[date.weekday - 1]), \(twoDigits(date.day)) \(months[date.month - 1]) \(year) \(time) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A moment as date and time of day in UTC.
struct UniversalTime {
    var year, month, day, hour, minute, second: Int
    /// 1 for Sunday to 7 for Saturday.
    var weekday: Int

    /// Seconds since 1970 of a date and time of day; nil if no calendar has the day.
    static func seconds(year: Int, month: Int, day: Int, hour: Int, minute: Int) -> Int64? {
        let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute)
        guard let date = calendar.date(from: parts) else { return nil }
        let seconds = Int64(date.timeIntervalSince1970.rounded())
        return UniversalTime(of: seconds).day == day ? seconds : nil
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// The date and time of a number of seconds since 1970.
    init(of seconds: Int64) {
        let date = Self.calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second, .weekday],
            from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        year = date.year ?? 1970
        month = date.month ?? 1
        day = date.day ?? 1
        hour = date.hour ?? 0
        minute = date.minute ?? 0
        second = date.second ?? 0
        weekday = date.weekday ?? 1
    }
}
