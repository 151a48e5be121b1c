internal import OrderedCollections
internal import SessionCore

/// Makes an edit in a text payload by copying every byte outside it.
///
/// Walks the text along the edit; values that nothing is changed in are passed over. Each level that holds a change is read once more
/// than its parent, so the cost is the payload's length times the depth of the edit.
struct TextSplicer {
    private var reader: NotationReader
    private var output: [UInt8] = []
    private var copied = 0
    private let encode: (SessionValue) -> String
    private let style: TextStyle

    /// A splicer of some text; `encode` writes the values that an edit brings in.
    init(
        _ payload: [UInt8], dialect: NotationReader.Dialect, style: TextStyle,
        encode: @escaping (SessionValue) -> String
    ) {
        self.reader = NotationReader(payload, dialect: dialect)
        self.style = style
        self.encode = encode
    }

    /// The text with the edit made.
    mutating func splice(_ edit: Edit) throws(NotationError) -> [UInt8] {
        output.reserveCapacity(reader.bytes.count + 64)
        try apply(edit)
        output.append(contentsOf: reader.bytes[copied...])
        return output
    }

    private mutating func apply(_ edit: Edit) throws(NotationError) {
        reader.skipBlanks()
        switch edit {
        case .replaced(let value):
            let start = reader.offset
            _ = try reader.readValue()
            replace(start..<reader.offset, with: encode(value))
        case .map(let entries): try apply(entries)
        case .list(let list): try apply(list)
        case .state(let edit): try applyToState(edit)
        }
    }

    private mutating func replace(_ range: Range<Int>, with text: String) {
        output.append(contentsOf: reader.bytes[copied..<range.lowerBound])
        output.append(contentsOf: text.utf8)
        copied = range.upperBound
    }

    private mutating func applyToState(_ edit: Edit) throws(NotationError) {
        // object("name", STATE): the state starts behind the first comma outside the name.
        guard let open = reader.bytes[reader.offset...].firstIndex(of: UInt8(ascii: "(")) else {
            throw reader.error("expected an object")
        }
        reader = NotationReader(reader.bytes, dialect: reader.dialect, offset: open + 1)
        _ = try reader.readValue()
        try reader.expect(",", "between an object's class and its state")
        try apply(edit)
        try reader.expect(")", "at the end of object(")
    }
}

/// One member of a map or list in the text: where it and the white space around it lie.
private struct TextItem {
    var key: SessionValue?
    /// From the separator before it to its first byte.
    var lead: Range<Int>
    /// Its own bytes, key included.
    var whole: Range<Int>
    /// Where its value begins.
    var valueStart: Int
    /// From its last byte to the separator behind it.
    var trail: Range<Int>
}

/// One member of the edited text.
private enum SplicedItem {
    case kept(TextItem, Edit?)
    case added(key: SessionValue?, SessionValue)
}

extension TextSplicer {
    private mutating func apply(_ entries: OrderedDictionary<SessionValue, KeyEdit>) throws(NotationError) {
        let (items, inner) = try readItems(open: "{", close: "}", hasKeys: true)
        // Of a key that stands several times, readers take the last; that is the one to edit. A removal takes all.
        var lastOfKey: [SessionValue: Int] = [:]
        for (index, item) in items.enumerated() { if let key = item.key { lastOfKey[key] = index } }
        var spliced: [SplicedItem] = []
        for (index, item) in items.enumerated() {
            switch item.key.flatMap({ entries[$0] }) {
            case .removed: continue
            case .edited(let edit) where item.key.flatMap({ lastOfKey[$0] }) == index: spliced.append(.kept(item, edit))
            default: spliced.append(.kept(item, nil))
            }
        }
        for (key, entry) in entries where lastOfKey[key] == nil {
            guard let edit = entry.edit else { continue }
            spliced.append(.added(key: key, edit.value(over: nil)))
        }
        try write(spliced, originals: items, inner: inner)
    }

    private mutating func apply(_ list: ListEdit) throws(NotationError) {
        let isBracketed = reader.next == UInt8(ascii: "[")
        if !isBracketed, let open = reader.bytes[reader.offset...].firstIndex(of: UInt8(ascii: "(")) {
            reader = NotationReader(reader.bytes, dialect: reader.dialect, offset: open)
        }
        let (items, inner) = try readItems(
            open: isBracketed ? "[" : "(", close: isBracketed ? "]" : ")", hasKeys: false)
        let order = list.order ?? items.indices.map { .base($0) }
        var spliced: [SplicedItem] = []
        for slot in order {
            switch slot {
            case .base(let number):
                guard items.indices.contains(number) else { continue }
                spliced.append(.kept(items[number], list.edited[number]))
            case .added(let value): spliced.append(.added(key: nil, value))
            }
        }
        try write(spliced, originals: items, inner: inner)
    }

    /// Reads the members of a collection; `inner` is what lies between its brackets.
    private mutating func readItems(
        open: Unicode.Scalar, close: Unicode.Scalar, hasKeys: Bool
    ) throws(NotationError) -> (items: [TextItem], inner: Range<Int>) {
        try reader.expect(open, "where the tree has a collection")
        let innerStart = reader.offset
        var items: [TextItem] = []
        if reader.skip(close) { return ([], innerStart..<reader.offset - 1) }
        var leadStart = innerStart
        repeat {
            reader.skipBlanks()
            let start = reader.offset
            var key: SessionValue?
            if hasKeys {
                key = try reader.readKey()
                try reader.expect(":", "after the key")
                reader.skipBlanks()
            }
            let valueStart = reader.offset
            _ = try reader.readValue()
            let end = reader.offset
            reader.skipBlanks()
            items.append(
                TextItem(
                    key: key, lead: leadStart..<start, whole: start..<end, valueStart: valueStart,
                    trail: end..<reader.offset))
            leadStart = reader.offset + 1
        } while reader.skip(",")
        let innerEnd = reader.offset
        try reader.expect(close, "at the end of a collection")
        return (items, innerStart..<innerEnd)
    }

    private mutating func write(
        _ spliced: [SplicedItem], originals: [TextItem], inner: Range<Int>
    ) throws(NotationError) {
        let end = reader
        output.append(contentsOf: reader.bytes[copied..<inner.lowerBound])
        copied = inner.upperBound
        for (index, item) in spliced.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            switch item {
            case .kept(let original, let edit):
                // The first member keeps the first one's place in the text, whichever it is.
                append(index == 0 ? originals[0].lead : original.lead)
                try write(original, edit: edit)
                if index < spliced.count - 1 { append(original.isLast(of: originals) ? 0..<0 : original.trail) }
            case .added(let key, let value):
                appendLead(ofAddedAt: index, originals: originals)
                if let key { output.append(contentsOf: (encode(key) + style.colon).utf8) }
                output.append(contentsOf: encode(value).utf8)
            }
        }
        if originals.isEmpty, spliced.isEmpty { append(inner) }
        if !spliced.isEmpty, let last = originals.last { append(last.trail) }
        reader = end
    }

    private mutating func write(_ item: TextItem, edit: Edit?) throws(NotationError) {
        guard let edit else { return append(item.whole) }
        append(item.whole.lowerBound..<item.valueStart)
        let saved = copied
        copied = item.valueStart
        reader = NotationReader(reader.bytes, dialect: reader.dialect, offset: item.valueStart)
        try apply(edit)
        append(copied..<item.whole.upperBound)
        copied = saved
    }

    private mutating func append(_ range: Range<Int>) {
        output.append(contentsOf: reader.bytes[range])
    }

    private mutating func appendLead(ofAddedAt index: Int, originals: [TextItem]) {
        if index == 0 {
            if let first = originals.first { append(first.lead) }
        } else if originals.count > 1 {
            append(originals[1].lead)
        } else if let only = originals.first, !only.lead.isEmpty {
            append(only.lead)
        } else {
            output.append(contentsOf: style.comma.utf8.dropFirst())
        }
    }
}

extension TextItem {
    fileprivate func isLast(of items: [TextItem]) -> Bool { items.last?.whole == whole }
}
