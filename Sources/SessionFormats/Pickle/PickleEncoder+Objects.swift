internal import BigInt
internal import OrderedCollections
internal import SessionCore

extension PickleEncoder {
    /// An instance of a class whose form is known; others are refused.
    mutating func writeObject(_ name: String, _ state: SessionValue, depth: Int) throws(FormatError) {
        switch (name, state) {
        case (PickleClass.frozenSet, .set(let elements)): try writeFrozenSet(elements, depth: depth)
        case (PickleClass.byteArray, .bytes(let contents)): try writeByteArray(contents)
        case (PickleClass.date, .string(let text)), (PickleClass.time, .string(let text)),
            (PickleClass.dateTime, .string(let text)):
            guard let moment = PickleMoment(text: text, className: name) else {
                throw Self.error(
                    "\(Notation.text(of: state)) is no \(name), which reads like \(Self.example(of: name))")
            }
            try write(moment)
        case (PickleClass.timeDelta, .tuple(let parts)): try writeTimeDelta(parts)
        case (PickleClass.decimal, .string(let text)):
            guard Self.isDecimal(text) else { throw Self.error("\(Notation.text(of: state)) is no decimal number") }
            try writeCall("decimal", "Decimal", [style.isPython2 ? .bytes(Array(text.utf8)) : state])
        case (PickleClass.uuid, .string(let text)): try writeUUID(text)
        case (PickleClass.orderedDict, .map(let map)): try writeOrderedDict(map, depth: depth)
        case (PickleClass.defaultDict, _):
            throw Self.error("the function that makes a defaultdict's values is not known; edit its keys")
        default:
            throw Self.error("an instance of \(PrintableText.escaping(name)) cannot be made here, only kept")
        }
    }

    private static func example(of name: String) -> String {
        switch name {
        case PickleClass.date: "2024-02-29"
        case PickleClass.time: "12:30:00"
        default: "2024-02-29T12:30:00"
        }
    }

    private mutating func writeByteArray(_ contents: [UInt8]) throws(FormatError) {
        if style.version >= 5 {
            write(.byteArray8, contents, width: 8)
        } else {
            try writeCall("builtins", "bytearray", contents.isEmpty ? [] : [.bytes(contents)])
        }
    }

    private mutating func write(_ moment: PickleMoment) throws(FormatError) {
        let name = String(moment.className.dropFirst("datetime.".count))
        guard let offset = moment.offset else {
            return try writeCall("datetime", name, [.bytes(moment.bytes)])
        }
        guard !style.isPython2 else { throw Self.error("Python 2 has no fixed time zones") }
        writeGlobal("datetime", name)
        if style.version < 2 { write(.mark) }
        try write(byteString: moment.bytes)
        try writeTimeZone(offset)
        write(style.version < 2 ? .tuple : .tuple2)
        write(.reduce)
    }

    private mutating func writeTimeZone(_ offset: Int) throws(FormatError) {
        writeGlobal("datetime", "timezone")
        if style.version < 2 { write(.mark) }
        // Days round down, seconds are never negative.
        let days = offset < 0 ? -1 : 0
        try writeTimeDelta([.integer(days), .integer(offset - days * 86400), .integer(0)])
        write(style.version < 2 ? .tuple : .tuple1)
        write(.reduce)
    }

    private mutating func writeTimeDelta(_ parts: [SessionValue]) throws(FormatError) {
        guard parts.count == 3, case .integer(let days) = parts[0], case .integer(let seconds) = parts[1],
            case .integer(let microseconds) = parts[2], abs(days) <= 999_999_999, 0..<86400 ~= seconds,
            0..<1_000_000 ~= microseconds
        else { throw Self.error("a timedelta is days, seconds below 86400 and microseconds, as in tuple(1, 0, 0)") }
        try writeCall("datetime", "timedelta", parts)
    }

    /// Whether `decimal.Decimal` reads a text.
    private static func isDecimal(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if ["Infinity", "NaN", "sNaN"].contains(String(decoding: rest, as: UTF8.self)) { return true }
        func digits() -> Int {
            let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
            rest = rest.dropFirst(count)
            return count
        }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if rest.first == UInt8(ascii: "E") || rest.first == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard 1...18 ~= digits() else { return false }
        }
        return rest.isEmpty
    }

    private mutating func writeUUID(_ text: String) throws(FormatError) {
        guard let number = PickleUUID.number(of: text) else {
            throw Self.error(
                "\(Notation.text(of: .string(text))) is no UUID, which has 32 hexadecimal digits in groups")
        }
        if style.version >= 2 {
            writeGlobal("uuid", "UUID")
            write(.emptyTuple)
            write(.newObj)
        } else {
            writeGlobal("copy_reg", "_reconstructor")
            write(.mark)
            writeGlobal("uuid", "UUID")
            writeGlobal("builtins", "object")
            bytes += [PickleOpcode.none.rawValue, PickleOpcode.tuple.rawValue, PickleOpcode.reduce.rawValue]
        }
        try write(.map([style.isPython2 ? .bytes(Array("int".utf8)) : "int": number]), depth: 0)
        write(.build)
    }

    private mutating func writeOrderedDict(_ map: SessionMap, depth: Int) throws(FormatError) {
        guard style.isPython2 else {
            try writeCall("collections", "OrderedDict", [])
            return try writeItems(map, depth: depth)
        }
        if let reason = PickleEquality.refusal(ofKeys: map.keys, of: "a dict", style) { throw Self.error(reason) }
        let pairs = map.map { SessionValue.list([$0.key, $0.value]) }
        try writeCall("collections", "OrderedDict", pairs.isEmpty ? [] : [.list(pairs)], depth: depth)
    }

    /// A dict of a class of its own, as protocols 0 and 1 make it.
    mutating func writeDict(
        _ value: SessionValue, ofClass: (module: String, name: String), depth: Int
    ) throws(FormatError) {
        writeGlobal("copy_reg", "_reconstructor")
        write(.mark)
        writeGlobal(ofClass.module, ofClass.name)
        writeGlobal("builtins", "dict")
        try write(value, depth: depth)
        write(.tuple)
        write(.reduce)
    }
}
