import OrderedCollections
import SessionCore

extension RandomSource {
    /// A key of a Python dict that is no text.
    mutating func pythonKey() -> SessionValue {
        switch number(0...6) {
        case 0: .integer(number(-3...300))
        case 1: .bytes(bytes())
        case 2: .null
        case 3: .bool(chance(2))
        case 4: .double(double(finite: true))
        case 5: .object(className: "datetime.date", state: .string("2024-02-2\(number(0...9))"))
        default: .tuple([.integer(number(0...3)), .string(text(upTo: 1))])
        }
    }

    /// An instance of a class that pickles of sessions often have.
    mutating func pythonObject(depth: Int) -> SessionValue {
        func object(_ name: String, _ state: SessionValue) -> SessionValue { .object(className: name, state: state) }
        switch number(0...9) {
        case 0: return object("builtins.bytearray", .bytes(bytes()))
        case 1: return object("builtins.frozenset", .set((0..<number(0...3)).map { .integer($0) }))
        case 2: return object("datetime.date", .string("2024-0\(number(1...9))-1\(number(0...9))"))
        case 3: return object("datetime.time", .string("0\(number(0...9)):59:00"))
        case 4: return object("datetime.datetime", .string("2024-01-02T03:04:05.\(number(100_000...999_999))"))
        case 5:
            return object("datetime.datetime", .string("2024-01-02T03:04:05-0\(number(0...9)):30"))
        case 6:
            return object(
                "datetime.timedelta", .tuple([.integer(number(-9...9)), .integer(number(0...99)), .integer(0)]))
        case 7: return object("decimal.Decimal", .string("-1\(number(0...9)).50"))
        case 8: return object("uuid.UUID", .string("00112233-4455-6677-8899-aabbccddeef\(number(0...9))"))
        default: return object("collections.OrderedDict", .map(map(.python, depth: depth)))
        }
    }
}
