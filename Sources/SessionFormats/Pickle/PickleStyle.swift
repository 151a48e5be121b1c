/// What decides how a pickler spells a value: its protocol, and which Python it runs on.
struct PickleStyle: Hashable {
    /// 0 to 5.
    var version: Int
    /// Whether byte strings are Python 2's `str`.
    var isPython2: Bool

    /// What CPython 3.4 and later read.
    static let current = PickleStyle(version: 4, isPython2: false)

    var memoizesInOrder: Bool { version >= 4 }

    /// The module as the protocol spells it: up to protocol 2 by Python 2's names, also where Python 3 writes it.
    func module(_ module: String) -> String {
        module == "builtins" && version < 3 ? "__builtin__" : module
    }
}

extension PickleProgram {
    /// How its pickler spells values.
    var style: PickleStyle {
        PickleStyle(version: version == 0 && hasBinaryOpcodes ? 1 : version, isPython2: hasByteStrings)
    }

    /// Whether an opcode of protocol 1 or later is in it, which tells protocol 1 from 0: neither has a mark.
    private var hasBinaryOpcodes: Bool {
        var offset = 0
        while let (opcode, next) = PickleOpcode.read(payload, at: offset), opcode != .stop {
            switch opcode {
            case .emptyDict, .emptyList, .emptyTuple, .binInt, .binInt1, .binInt2, .binUnicode, .binString,
                .shortBinString, .binFloat, .binPut, .longBinPut, .binGet, .longBinGet, .appends, .setItems, .obj,
                .binPersID:
                return true
            default: offset = next
            }
        }
        return false
    }
}
