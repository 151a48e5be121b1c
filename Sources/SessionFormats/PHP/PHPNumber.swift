/// Numbers as PHP's `serialize` writes them.
enum PHPNumber {
    /// A whole number of 64 bits, with or without sign.
    static func integer(_ text: ArraySlice<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard 1...20 ~= digits.count else { return nil }
        var number = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            let value = Int(digit - UInt8(ascii: "0"))
            let (tenfold, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, exceeds) =
                isNegative ? tenfold.subtractingReportingOverflow(value) : tenfold.addingReportingOverflow(value)
            guard !overflows, !exceeds else { return nil }
            number = sum
        }
        return number
    }

    /// A floating point number.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        let string = String(decoding: text, as: UTF8.self)
        switch string {
        case "INF": return .infinity
        case "-INF": return -.infinity
        case "NAN": return .nan
        default:
            let isNumber = text.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "+-.eE".utf8.contains(byte)
            }
            return isNumber ? Double(string) : nil
        }
    }

    /// The shortest text that reads as the same number, as PHP spells it with `serialize_precision` -1, its default.
    ///
    /// Without exponent from 0.0001 up to 17 digits before the point; measured with PHP 8.2.
    static func text(of number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NAN" : number < 0 ? "-INF" : "INF" }
        guard number != 0 else { return number.sign == .minus ? "-0" : "0" }
        let (digits, point) = decimal(number.magnitude)
        let sign = number < 0 ? "-" : ""
        let fixed: String
        switch point {
        case -3...0: fixed = "0." + String(repeating: "0", count: -point) + digits
        case 1...17 where digits.count <= point:
            fixed = digits + String(repeating: "0", count: point - digits.count)
        case 1...17: fixed = digits.prefix(point) + "." + digits.dropFirst(point)
        default:
            let fraction = digits.count > 1 ? String(digits.dropFirst()) : "0"
            fixed = "\(digits.prefix(1)).\(fraction)E\(point > 0 ? "+" : "")\(point - 1)"
        }
        return sign + fixed
    }

    /// The shortest digits of a positive number, and where its point stands counted from their start.
    private static func decimal(_ number: Double) -> (digits: String, point: Int) {
        // Swift prints the shortest digits too, in another layout: 12.5, 1e-05, 1.5e+300.
        let parts = "\(number)".split(separator: "e", maxSplits: 1)
        let exponent = parts.count == 2 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", maxSplits: 1)
        var digits = mantissa.joined()
        var point = exponent + (mantissa.first?.count ?? 0)
        let zeros = digits.prefix { $0 == "0" }.count
        digits.removeFirst(min(zeros, digits.count))
        point -= zeros
        while digits.last == "0" { digits.removeLast() }
        return (digits.isEmpty ? "0" : digits, point)
    }
}
