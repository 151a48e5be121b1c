internal import BigInt
public import OrderedCollections
public import SessionCore

/// What a random tree may hold.
public enum ValueRange: Sendable {
    /// Every kind.
    case everything
    /// What JSON can say.
    case json
    /// What Python pickles; texts have no half surrogate pairs, which Swift's cannot hold.
    case python
    /// What PHP serializes.
    case php
}

extension RandomSource {
    /// Text made of what readers, terminals and comparisons get wrong.
    public mutating func text(upTo pieces: Int = 4) -> String {
        let choices = [
            "a", "b", "key", "0", "1", "-", "/", "~", "~1", "", " ", "\"", "\\", "\\u0041", "\n", "\r\n", "\t", "\0",
            "\u{8}", "\u{C}", "\u{1B}[2J", "\u{7F}", "\u{9B}", "\u{AD}", "\u{200B}", "\u{202E}", "\u{2028}", "\u{FEFF}",
            "\u{FE0F}", "\u{E0041}", "\u{FFFE}", "\u{10FFFF}", "é", "e\u{301}", "漢", "👩‍💻", "🇸🇪", "\u{D7FF}", "\u{E000}",
            "true", "null", "int(1)", "b\"x\"", "...",
        ]
        var text = ""
        for _ in 0..<number(0...pieces) { text += pick(choices, or: "a") }
        return text
    }

    /// Bytes, often no UTF-8.
    public mutating func bytes(upTo count: Int = 6) -> [UInt8] {
        (0..<number(0...count)).map { _ in UInt8(number(0...255)) }
    }

    /// A whole number, often at an end of its range.
    public mutating func integer() -> Int {
        chance(4) ? pick([.min, .max, -1, 0, 1 << 53, (1 << 53) + 1], or: 0) : number(-100...100)
    }

    /// A number of any bits, infinities and NaN only where asked for.
    public mutating func double(finite: Bool) -> Double {
        let special: [Double] = [
            0, -0.0, 0.1, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude, 1e16,
            123456789.125, -1.5,
        ]
        if chance(2) { return pick(special + (finite ? [] : [.nan, .infinity, -.infinity]), or: 0) }
        let any = Double(bitPattern: next())
        // The notation has one NaN, so only that one is equal to what comes back.
        return any.isNaN ? (finite ? 1 : .nan) : any.isFinite || !finite ? any : 2
    }

    /// A value without others inside.
    public mutating func leaf(_ range: ValueRange) -> SessionValue {
        switch number(0...(range == .json ? 5 : range == .python ? 6 : range == .php ? 4 : 7)) {
        case 0: .null
        case 1: .bool(chance(2))
        case 2: .integer(integer())
        case 3: .double(double(finite: range == .json))
        case 4: .string(text())
        case 5:
            .bigInteger(
                (BigInt(Int.max) + BigInt(number(1...1000))) * BigInt(chance(2) ? 1 : -3) * BigInt(1 << number(0...40)))
        case 6: .bytes(bytes())
        default: .reference(number(0...9))
        }
    }

    /// A map's key: text, in `everything` any value at times.
    public mutating func key(_ range: ValueRange) -> SessionValue {
        if range == .python, chance(4) { return pythonKey() }
        if range == .php, chance(3) { return .integer(number(-2...6)) }
        if range != .everything || !chance(4) {
            return .string(chance(2) ? pick(["a", "b", "c", "1"], or: "a") : text())
        }
        return chance(3) ? value(range, depth: 1) : pick([.integer(1), .bytes(Array("a".utf8)), .null], or: .null)
    }

    /// A value of any kind, with values inside down to a depth.
    public mutating func value(_ range: ValueRange, depth: Int = 3) -> SessionValue {
        guard depth > 0, !chance(3) else { return leaf(range) }
        if range == .python, chance(6) { return pythonObject(depth: depth) }
        switch number(0...(range == .json || range == .php ? 3 : range == .python ? 4 : 7)) {
        case 0, 1: return .map(map(range, depth: depth))
        case 2, 3: return .list(values(range, depth: depth))
        case 4: return .tuple(values(range, depth: depth))
        case 5: return .set(Array(OrderedSet(values(range, depth: depth))))
        case 6: return .object(className: text(), state: value(range, depth: depth - 1))
        default: return leaf(range)
        }
    }

    /// A map with values down to a depth.
    public mutating func map(_ range: ValueRange, depth: Int = 3) -> SessionMap {
        var map = SessionMap()
        for _ in 0..<number(0...4) { map[key(range)] = value(range, depth: depth - 1) }
        return map
    }

    private mutating func values(_ range: ValueRange, depth: Int) -> [SessionValue] {
        var values: [SessionValue] = []
        for _ in 0..<number(0...4) { values.append(value(range, depth: depth - 1)) }
        return values
    }
}
