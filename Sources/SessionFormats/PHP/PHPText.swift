internal import SessionCore

/// Values of PHP's `serialize` as nodes over their bytes.
///
/// Follows PHP's `ext/standard/var_unserializer.re`. What references count is a *slot*: every value takes one, `R:` alone does
/// not; numbers go on from one variable of a session to the next.
struct PHPText {
    /// What a value is: the letter it begins with.
    enum Kind: UInt8 {
        case null = 0x4E
        case bool = 0x62
        case integer = 0x69
        case double = 0x64
        case string = 0x73
        case escapedString = 0x53
        case array = 0x61
        case object = 0x4F
        case custom = 0x43
        case enumCase = 0x45
        /// The same variable as an earlier one.
        case alias = 0x52
        /// The same object as an earlier one.
        case sameObject = 0x72

        var isReference: Bool { self == .alias || self == .sameObject }
    }

    struct Node {
        var kind: Kind
        var range: Range<Int>
        /// The bytes between a string's quotes, a number's digits, a custom object's own bytes.
        var content: Range<Int>
        /// The class's name, without quotes.
        var className = 0..<0
        /// The digits that say how many members there are.
        var count = 0..<0
        var members: Range<Int> = 0..<0
        /// The slot it takes; the next one free for an alias, which takes none.
        var slot: Int
        /// How many slots it takes, with all inside.
        var slotCount = 1
        /// Whether a reference or an object with text of its own is inside: such text may count slots too.
        var hasReferences = false
    }

    /// A key with its value.
    struct Member {
        var key: Range<Int>
        var value: Int
    }

    let payload: [UInt8]
    private(set) var nodes: [Node] = []
    private(set) var members: [Member] = []
    private var offset = 0
    private var nextSlot = 1
    private let format: String

    private init(_ payload: [UInt8], format: String) {
        self.payload = payload
        self.format = format
    }

    /// A payload that is one value.
    static func value(_ payload: [UInt8], format: String) throws(FormatError) -> (text: PHPText, root: Int) {
        var text = PHPText(payload, format: format)
        let root = try text.read(depth: 0)
        guard text.offset == payload.count else { throw text.error("something follows the value") }
        return (text, root)
    }

    /// A payload that is variables, each `name|value`; the members stand in their order.
    static func variables(_ payload: [UInt8], format: String) throws(FormatError) -> (text: PHPText, roots: [Member]) {
        var text = PHPText(payload, format: format)
        var roots: [Member] = []
        while text.offset < payload.count {
            guard let bar = payload[text.offset...].firstIndex(of: UInt8(ascii: "|")) else {
                throw text.error("a name without | behind it")
            }
            let key = text.offset..<bar
            text.offset = bar + 1
            roots.append(Member(key: key, value: try text.read(depth: 1)))
        }
        return (text, roots)
    }

    private func error(_ problem: String) -> FormatError {
        FormatError(format: format, offset: offset, problem: problem)
    }

    private mutating func read(depth: Int) throws(FormatError) -> Int {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        let start = offset
        guard offset < payload.count, let kind = Kind(rawValue: payload[offset]) else {
            throw error("no value begins here")
        }
        offset += 1
        let slot = nextSlot
        if kind != .alias { nextSlot += 1 }
        var node = Node(kind: kind, range: start..<start, content: 0..<0, slot: slot)
        switch kind {
        case .null: try expect(";")
        case .bool, .integer, .double, .alias, .sameObject:
            try expect(":")
            node.content = try until(";")
            node.hasReferences = kind.isReference
            guard isValid(payload[node.content], kind) else { throw error("no number of kind \(kind)") }
        case .string: node.content = try quoted(end: ";")
        case .escapedString: node.content = try escaped()
        case .enumCase: node.content = try quoted(end: ";")
        case .array, .object: try readMembers(of: &node, depth: depth)
        case .custom:
            node.className = try quoted(end: ":")
            let length = try number(end: ":")
            try expect("{")
            guard length <= payload.count - offset else { throw error("the payload ends inside an object's own text") }
            node.content = offset..<(offset + length)
            offset += length
            try expect("}")
            node.hasReferences = true
        }
        node.range = start..<offset
        node.slotCount = nextSlot - slot
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func readMembers(of node: inout Node, depth: Int) throws(FormatError) {
        if node.kind == .object { node.className = try quoted(end: ":") } else { try expect(":") }
        let digits = offset
        let count = try number(end: ":")
        node.count = digits..<(offset - 1)
        try expect("{")
        // The smallest member is `i:0;N;`; what is only claimed makes nothing.
        guard count <= (payload.count - offset) / 6 else {
            throw error("\(count) members do not fit into what is left")
        }
        var own: [Member] = []
        own.reserveCapacity(count)
        for _ in 0..<count {
            let key = offset
            guard offset < payload.count, let kind = Kind(rawValue: payload[offset]) else { throw error("no key") }
            offset += 1
            switch kind {
            case .integer:
                try expect(":")
                let digits = try until(";")
                guard isValid(payload[digits], .integer) else { throw error("no whole number") }
            case .string: _ = try quoted(end: ";")
            case .escapedString: _ = try escaped()
            default: throw error("a key is a whole number or a text")
            }
            let keyEnd = offset
            let value = try read(depth: depth + 1)
            if nodes[value].hasReferences { node.hasReferences = true }
            own.append(Member(key: key..<keyEnd, value: value))
        }
        try expect("}")
        node.members = members.count..<(members.count + own.count)
        members += own
    }
}

// MARK: - Pieces

extension PHPText {
    private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
        guard offset < payload.count, payload[offset] == UInt8(ascii: character) else {
            throw error("expected \(character)")
        }
        offset += 1
    }

    private mutating func until(_ character: Unicode.Scalar) throws(FormatError) -> Range<Int> {
        // No number is longer.
        guard let end = payload[offset...].prefix(400).firstIndex(of: UInt8(ascii: character)) else {
            throw error("expected \(character)")
        }
        defer { offset = end + 1 }
        return offset..<end
    }

    /// A length or count without sign.
    private mutating func number(end: Unicode.Scalar) throws(FormatError) -> Int {
        let digits = try until(end)
        guard 1...10 ~= digits.count, payload[digits].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            throw error("expected a length")
        }
        return payload[digits].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// `:LENGTH:"…"` and a character; returns what is between the quotes.
    private mutating func quoted(end: Unicode.Scalar) throws(FormatError) -> Range<Int> {
        try expect(":")
        let length = try number(end: ":")
        try expect("\"")
        guard length <= payload.count - offset else { throw error("the payload ends inside a text of \(length) bytes") }
        let content = offset..<(offset + length)
        offset += length
        try expect("\"")
        try expect(end)
        return content
    }

    /// A text in which bytes may be `\` and two hexadecimal digits; the length counts what they stand for.
    private mutating func escaped() throws(FormatError) -> Range<Int> {
        try expect(":")
        let length = try number(end: ":")
        try expect("\"")
        let start = offset
        for _ in 0..<min(length, payload.count) {
            guard offset < payload.count else { throw error("the payload ends inside a text") }
            offset += payload[offset] == UInt8(ascii: "\\") ? 3 : 1
        }
        guard offset <= payload.count else { throw error("the payload ends inside a text") }
        let content = start..<offset
        try expect("\"")
        try expect(";")
        return content
    }

    private func isValid(_ text: ArraySlice<UInt8>, _ kind: Kind) -> Bool {
        switch kind {
        case .bool: text.count == 1 && (text.first == UInt8(ascii: "0") || text.first == UInt8(ascii: "1"))
        case .double: PHPNumber.double(text) != nil
        case .alias, .sameObject: PHPNumber.integer(text).map { $0 > 0 } ?? false
        default: PHPNumber.integer(text) != nil
        }
    }
}
