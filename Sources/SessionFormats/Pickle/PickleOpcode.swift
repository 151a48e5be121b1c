/// The opcodes of Python's pickle protocols 0 to 5.
///
/// Follows CPython's `Lib/pickletools.py`.
enum PickleOpcode: UInt8, CaseIterable {
    case mark = 0x28
    case stop = 0x2E
    case pop = 0x30
    case popMark = 0x31
    case dup = 0x32
    case float = 0x46
    case int = 0x49
    case binInt = 0x4A
    case binInt1 = 0x4B
    case long = 0x4C
    case binInt2 = 0x4D
    case none = 0x4E
    case persID = 0x50
    case binPersID = 0x51
    case reduce = 0x52
    case string = 0x53
    case binString = 0x54
    case shortBinString = 0x55
    case unicode = 0x56
    case binUnicode = 0x58
    case append = 0x61
    case build = 0x62
    case global = 0x63
    case dict = 0x64
    case emptyDict = 0x7D
    case appends = 0x65
    case get = 0x67
    case binGet = 0x68
    case inst = 0x69
    case longBinGet = 0x6A
    case list = 0x6C
    case emptyList = 0x5D
    case obj = 0x6F
    case put = 0x70
    case binPut = 0x71
    case longBinPut = 0x72
    case setItem = 0x73
    case tuple = 0x74
    case emptyTuple = 0x29
    case setItems = 0x75
    case binFloat = 0x47
    // Protocol 2.
    case proto = 0x80
    case newObj = 0x81
    case ext1 = 0x82
    case ext2 = 0x83
    case ext4 = 0x84
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newTrue = 0x88
    case newFalse = 0x89
    case long1 = 0x8A
    case long4 = 0x8B
    // Protocol 3.
    case binBytes = 0x42
    case shortBinBytes = 0x43
    // Protocol 4.
    case shortBinUnicode = 0x8C
    case binUnicode8 = 0x8D
    case binBytes8 = 0x8E
    case emptySet = 0x8F
    case addItems = 0x90
    case frozenSet = 0x91
    case newObjEx = 0x92
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95
    // Protocol 5.
    case byteArray8 = 0x96
    case nextBuffer = 0x97
    case readOnlyBuffer = 0x98

    /// What stands behind the opcode's byte.
    enum Argument: Hashable {
        case none
        /// That many bytes.
        case fixed(Int)
        /// That many lines, each ended by a line feed.
        case lines(Int)
        /// A length in that many bytes, little endian, and as many bytes.
        case counted(Int)
    }

    var argument: Argument {
        switch self {
        case .float, .int, .long, .persID, .string, .unicode, .get, .put: .lines(1)
        case .global, .inst: .lines(2)
        case .binInt1, .binGet, .binPut, .proto, .ext1: .fixed(1)
        case .binInt2, .ext2: .fixed(2)
        case .binInt, .longBinGet, .longBinPut, .ext4: .fixed(4)
        case .binFloat, .frame: .fixed(8)
        case .shortBinString, .long1, .shortBinBytes, .shortBinUnicode: .counted(1)
        case .binString, .binUnicode, .long4, .binBytes: .counted(4)
        case .binUnicode8, .binBytes8, .byteArray8: .counted(8)
        default: .none
        }
    }

    /// The name as `pickletools` prints it.
    var name: String {
        switch self {
        case .persID: "PERSID"
        case .binPersID: "BINPERSID"
        case .newObjEx: "NEWOBJ_EX"
        case .readOnlyBuffer: "READONLY_BUFFER"
        case .setItem: "SETITEM"
        case .setItems: "SETITEMS"
        case .addItems: "ADDITEMS"
        case .frozenSet: "FROZENSET"
        case .byteArray8: "BYTEARRAY8"
        case .newObj: "NEWOBJ"
        case .newTrue: "NEWTRUE"
        case .newFalse: "NEWFALSE"
        default: Self.words("\(self)")
        }
    }

    /// `shortBinString` → `SHORT_BINSTRING`: only the words `bin`, `long` before `bin` and the first are separate.
    private static func words(_ name: String) -> String {
        var words: [String] = [""]
        for character in name {
            if character.isUppercase { words.append("") }
            words[words.count - 1].append(character)
        }
        var text = ""
        for (index, word) in words.enumerated() {
            if index > 0, words[index - 1].lowercased() != "bin" { text += "_" }
            text += word.uppercased()
        }
        return text
    }

    /// Whether a byte is one of the GET opcodes.
    static func isGet(_ byte: UInt8) -> Bool {
        byte == Self.binGet.rawValue || byte == Self.longBinGet.rawValue || byte == Self.get.rawValue
    }

    /// The opcode at an offset and the offset behind it and its argument; nil if there is no whole one.
    static func read(_ payload: [UInt8], at offset: Int) -> (opcode: PickleOpcode, end: Int)? {
        guard offset >= 0, offset < payload.count, let opcode = PickleOpcode(rawValue: payload[offset]) else {
            return nil
        }
        // Those that pickles are full of, without a look at what other arguments there are.
        switch opcode {
        case .memoize, .mark, .none, .setItems, .emptyDict, .emptyList, .appends, .newTrue, .newFalse, .tuple2:
            return (opcode, offset + 1)
        case .binGet, .binPut, .binInt1: return payload.count - offset >= 2 ? (opcode, offset + 2) : nil
        case .shortBinUnicode, .shortBinString:
            guard payload.count - offset >= 2 else { return nil }
            let end = offset + 2 + Int(payload[offset + 1])
            return end <= payload.count ? (opcode, end) : nil
        default: break
        }
        switch opcode.argument {
        case .none: return (opcode, offset + 1)
        case .fixed(let width):
            return payload.count - offset - 1 >= width ? (opcode, offset + 1 + width) : nil
        case .lines(let count):
            var end = offset + 1
            for _ in 0..<count {
                guard let line = payload[end...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                end = line + 1
            }
            return (opcode, end)
        case .counted(let width):
            guard payload.count - offset - 1 >= width else { return nil }
            let length = payload.littleEndian(at: offset + 1, width: width)
            guard length <= UInt64(payload.count - offset - 1 - width) else { return nil }
            return (opcode, offset + 1 + width + Int(length))
        }
    }
}

extension [UInt8] {
    /// The number in up to 8 bytes from an offset, lowest first; the bytes must be there.
    func littleEndian(at offset: Int, width: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in stride(from: width - 1, through: 0, by: -1) { number = number << 8 | UInt64(self[offset + index]) }
        return number
    }
}
