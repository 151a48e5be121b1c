/// How a text payload spells what JSON leaves open, so that what an edit adds looks like its neighbours.
struct TextStyle: Hashable, Sendable {
    /// Whether a blank follows `:`; Python's json writes it, JavaScript's does not.
    var spacesAfterColon: Bool
    /// Whether a blank follows `,`.
    var spacesAfterComma: Bool
    /// Whether characters beyond ASCII are `\u` escapes; Python's json writes them so.
    var escapesBeyondASCII: Bool

    /// The style of `JSON.stringify`.
    static let compact = TextStyle(spacesAfterColon: false, spacesAfterComma: false, escapesBeyondASCII: false)

    /// The style of Python's `json.dumps`.
    static let python = TextStyle(spacesAfterColon: true, spacesAfterComma: true, escapesBeyondASCII: true)

    init(spacesAfterColon: Bool, spacesAfterComma: Bool, escapesBeyondASCII: Bool) {
        self.spacesAfterColon = spacesAfterColon
        self.spacesAfterComma = spacesAfterComma
        self.escapesBeyondASCII = escapesBeyondASCII
    }

    /// The style that a payload shows outside its strings.
    init(of payload: [UInt8]) {
        self = .compact
        var inString = false
        var index = 0
        while index < payload.count {
            let byte = payload[index]
            if byte >= 0x80 { escapesBeyondASCII = false }
            if inString {
                if byte == UInt8(ascii: "\\") {
                    index += 1
                    if index < payload.count, payload[index] == UInt8(ascii: "u") { escapesBeyondASCII = true }
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                inString = true
            } else if index + 1 < payload.count, payload[index + 1] == UInt8(ascii: " ") {
                if byte == UInt8(ascii: ":") { spacesAfterColon = true }
                if byte == UInt8(ascii: ",") { spacesAfterComma = true }
            }
            index += 1
        }
        if payload.contains(where: { $0 >= 0x80 }) { escapesBeyondASCII = false }
    }

    var colon: String { spacesAfterColon ? ": " : ":" }
    var comma: String { spacesAfterComma ? ", " : "," }
}
