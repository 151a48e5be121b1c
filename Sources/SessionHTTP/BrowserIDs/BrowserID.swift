public import SessionCore

/// A browser id of Zope: 8 random digits, and the moment it was made in 11 characters.
///
/// Follows Products.Sessions 6.2, which takes longer texts and signs before the digits too; here an id is 19 characters exactly. It proves
/// nothing: anybody can write one down.
public struct BrowserID: Hashable, Sendable, CustomStringConvertible {
    /// The 19 characters.
    public let text: String

    /// How many characters an id has.
    public static let length = 19

    /// An id that a client sent; nil if it is none.
    public init?(_ text: String) {
        guard text.utf8.count == Self.length,
            text.utf8.prefix(8).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            DigestEncoding.decode(text.dropFirst(8))?.count == 8
        else { return nil }
        self.text = text
    }

    /// A new id.
    ///
    /// - Parameters:
    ///   - now: The moment it is made.
    ///   - generator: Where its eight digits come from.
    public init(at now: Timestamp, using generator: inout some RandomNumberGenerator) {
        let digits = String(Int.random(in: 0..<99_999_999, using: &generator))
        self.text =
            String(repeating: "0", count: 8 - digits.count) + digits + DigestEncoding.encode(Self.stamp(of: now))
    }

    /// The characters.
    public var description: String { text }

    /// The moment it was made; nil if what stands there is no date.
    public var moment: Timestamp? {
        guard let bytes = DigestEncoding.decode(text.dropFirst(8)) else { return nil }
        let stamp = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let (minutes, rest) = (Int(stamp >> 32), Double(stamp & 0xFFFF_FFFF) * (60.0 / 65536 / 65536))
        let (hours, days) = (minutes / 60, minutes / 60 / 24)
        let months = days / 31
        let seconds = UniversalTime.seconds(
            year: 1900 + months / 12, month: months % 12 + 1, day: days % 31 + 1, hour: hours % 24,
            minute: minutes % 60)
        return seconds.map { Timestamp(milliseconds: $0 * 1000 + Int64((rest * 1000).rounded())) }
    }

    /// A moment as ZODB's `TimeStamp` has it: minutes since 1900 in months of 31 days, then the part of a minute in 2³² parts.
    ///
    /// What lies before 1900 or after 9999 is the nearest moment that has one.
    static func stamp(of moment: Timestamp) -> [UInt8] {
        let bounds = Int64(-2_208_988_800_000)...Int64(253_402_300_799_999)
        let milliseconds = min(max(moment.milliseconds, bounds.lowerBound), bounds.upperBound)
        let seconds = Timestamp(milliseconds: milliseconds).seconds
        let date = UniversalTime(of: seconds)
        let hours = (((date.year - 1900) * 12 + date.month - 1) * 31 + date.day - 1) * 24 + date.hour
        let minutes = UInt64(hours * 60 + date.minute)
        // In floating point as Zope does it, whose clock is a double, so that ids of one moment are the same.
        let second = (Double(milliseconds) / 1000).truncatingRemainder(dividingBy: 60)
        let rest = UInt64((second < 0 ? second + 60 : second) / (60.0 / 65536 / 65536))
        let stamp = minutes << 32 | min(rest, 0xFFFF_FFFF)
        return (0..<8).map { UInt8(truncatingIfNeeded: stamp >> (56 - 8 * $0)) }
    }
}

/// Gives sessions browser ids for ids, with the system's random numbers.
public struct RandomBrowserIDs: SessionIDSource {
    private let clock: any WallClock

    /// A source.
    /// - Parameter clock: Tells the moment that an id holds.
    public init(clock: any WallClock) {
        self.clock = clock
    }

    /// A new id of 19 characters.
    public func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        return BrowserID(at: clock.now(), using: &generator).text
    }
}
