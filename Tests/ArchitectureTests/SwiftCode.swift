/// Swift source without its comments and the text of its strings, so that a search finds code only.
///
/// Line breaks stay, so lines keep their numbers. What stands in an interpolation is code and stays too. Knows no regex
/// literals: quotes in one would be taken for a string's.
struct SwiftCode {
    private(set) var code = ""
    private var rest: Substring

    /// Takes comments and strings out of some source.
    init(_ source: String) {
        rest = source[...]
        readCode(until: nil)
    }

    /// The lines with their numbers, from 1.
    var lines: [(number: Int, text: String)] {
        code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0 + 1, String($1)) }
    }

    /// Reads code to its end, or in an interpolation behind the parenthesis that closes it.
    private mutating func readCode(until end: Character?) {
        var depth = 0
        while let character = rest.first {
            if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                skipBlockComment()
            } else if let hashes = openingQuote() {
                readString(hashes: hashes)
            } else {
                if character == end, depth == 0 { return }
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                code.append(character)
                rest.removeFirst()
            }
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                if rest.first?.isNewline == true { code.append("\n") }
                rest = rest.dropFirst()
            }
        } while depth > 0 && !rest.isEmpty
    }

    /// How many `#` stand before the quote of a string that begins here; nil if none does.
    private func openingQuote() -> Int? {
        let hashes = rest.prefix { $0 == "#" }.count
        return rest.dropFirst(hashes).first == "\"" ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
        rest = rest.dropFirst(hashes)
        let quote = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        let fence = String(repeating: "#", count: hashes)
        code += "\"\""
        while let character = rest.first {
            if rest.hasPrefix(quote + fence) {
                rest = rest.dropFirst(quote.count + hashes)
                return
            }
            if rest.hasPrefix("\\" + fence + "(") {
                rest = rest.dropFirst(hashes + 2)
                code.append(" ")
                readCode(until: ")")
                rest = rest.dropFirst()
                code.append(" ")
            } else if rest.hasPrefix("\\" + fence) {
                rest = rest.dropFirst(hashes + 2)
            } else {
                if character.isNewline { code.append("\n") }
                rest.removeFirst()
            }
        }
    }
}
