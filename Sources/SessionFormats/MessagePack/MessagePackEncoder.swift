internal import BigInt
internal import OrderedCollections
internal import SessionCore

/// Writes values in MessagePack, each in its shortest form, as msgpack-python's `Packer` does.
struct MessagePackEncoder {
    private(set) var bytes: [UInt8] = []

    /// Why MessagePack cannot hold a value, as a sentence; nil if it can.
    static func refusal(of value: SessionValue) -> String? {
        switch value {
        case .null, .bool, .integer, .double, .string, .bytes: return nil
        case .bigInteger(let number):
            return number.signum() > 0 && number.bitWidth <= 65 ? nil : "MessagePack's whole numbers end at 64 bits"
        case .tuple: return "MessagePack has no tuple; a list is an array"
        case .set: return "MessagePack has no set; a list is an array"
        case .reference: return "MessagePack has no references; write the value itself"
        case .list(let values): return values.lazy.compactMap(refusal).first
        case .map(let map): return map.lazy.compactMap { refusal(of: $0.key) ?? refusal(of: $0.value) }.first
        case .object(MessagePackTime.className, .string(let text)):
            return MessagePackTime(text: text) == nil ? "a timestamp reads like 2024-02-29T12:30:00Z" : nil
        case .object(MessagePackReader.brokenText, .bytes(let bytes)):
            return String(validating: bytes, as: UTF8.self) == nil ? nil : "this text is UTF-8, so write it as text"
        case .object(let name, .bytes): return kind(name) == nil ? unknown(name) : nil
        case .object(let name, _): return unknown(name)
        }
    }

    private static func unknown(_ name: String) -> String {
        "MessagePack has no instances of \(PrintableText.escaping(name)), only extensions such as object(\"ext 5\", b\"…\")"
    }

    private static func kind(_ name: String) -> Int8? { name.hasPrefix("ext ") ? Int8(name.dropFirst(4)) : nil }

    /// The bytes of a value that is not refused.
    static func bytes(of value: SessionValue, depth: Int = 0) throws(FormatError) -> [UInt8] {
        if let reason = refusal(of: value) { throw FormatError(format: "msgpack", problem: reason) }
        guard depth + value.nestingDepth <= Notation.maximumDepth else {
            throw FormatError(format: "msgpack", problem: "values would nest deeper than \(Notation.maximumDepth)")
        }
        var encoder = MessagePackEncoder()
        encoder.write(value)
        return encoder.bytes
    }

    /// The header of an array or map; as wide as the one it replaces, where its count fits.
    static func header(count: Int, ofMap: Bool, atLeast width: Int = 1) -> [UInt8] {
        var encoder = MessagePackEncoder()
        if count < 16, width <= 1 {
            encoder.bytes.append((ofMap ? 0x80 : 0x90) | UInt8(count))
        } else {
            let isShort = count <= 0xFFFF && width <= 3
            encoder.bytes.append(isShort ? (ofMap ? 0xDE : 0xDC) : (ofMap ? 0xDF : 0xDD))
            encoder.append(UInt64(count), isShort ? 2 : 4)
        }
        return encoder.bytes
    }

    private mutating func append(_ number: UInt64, _ width: Int) {
        for index in (0..<width).reversed() { bytes.append(UInt8(number >> UInt64(8 * index) & 0xFF)) }
    }

    private mutating func write(_ value: SessionValue) {
        switch value {
        case .null: bytes.append(0xC0)
        case .bool(let flag): bytes.append(flag ? 0xC3 : 0xC2)
        case .integer(let number): write(number)
        case .bigInteger(let number):
            bytes.append(0xCF)
            append(UInt64(number.magnitude), 8)
        case .double(let number):
            bytes.append(0xCB)
            append(number.bitPattern, 8)
        case .string(let text): write(text: Array(text.utf8))
        case .bytes(let content): writeLength(content.count, 0xC4, content)
        case .list(let values):
            bytes += Self.header(count: values.count, ofMap: false)
            for value in values { write(value) }
        case .map(let map):
            bytes += Self.header(count: map.count, ofMap: true)
            for (key, value) in map {
                write(key)
                write(value)
            }
        case .object(MessagePackTime.className, .string(let text)):
            writeExtension(-1, MessagePackTime(text: text)?.content ?? [])
        case .object(MessagePackReader.brokenText, .bytes(let content)): write(text: content)
        case .object(let name, .bytes(let content)): writeExtension(Self.kind(name) ?? 0, content)
        case .tuple, .set, .reference, .object: bytes.append(0xC0)
        }
    }

    private mutating func write(_ number: Int) {
        switch number {
        case 0...0x7F, -32..<0: bytes.append(UInt8(truncatingIfNeeded: number))
        case 0x80...0xFF: write(number, 0xCC, 1)
        case 0x100...0xFFFF: write(number, 0xCD, 2)
        case 0x1_0000...0xFFFF_FFFF: write(number, 0xCE, 4)
        case 0x1_0000_0000...: write(number, 0xCF, 8)
        case -0x80..<(-32): write(number, 0xD0, 1)
        case -0x8000..<(-0x80): write(number, 0xD1, 2)
        case -0x8000_0000..<(-0x8000): write(number, 0xD2, 4)
        default: write(number, 0xD3, 8)
        }
    }

    private mutating func write(_ number: Int, _ opcode: UInt8, _ width: Int) {
        bytes.append(opcode)
        append(UInt64(bitPattern: Int64(number)), width)
    }

    private mutating func write(text: [UInt8]) {
        if text.count < 32 {
            bytes.append(0xA0 | UInt8(text.count))
            bytes += text
        } else {
            writeLength(text.count, 0xD9, text)
        }
    }

    /// A length in 1, 2 or 4 bytes, told by the opcode, and the content.
    private mutating func writeLength(_ count: Int, _ opcode: UInt8, _ content: [UInt8]) {
        let width = count <= 0xFF ? 0 : count <= 0xFFFF ? 1 : 2
        bytes.append(opcode + UInt8(width))
        append(UInt64(count), 1 << width)
        bytes += content
    }

    private mutating func writeExtension(_ kind: Int8, _ content: [UInt8]) {
        if let fixed = [1, 2, 4, 8, 16].firstIndex(of: content.count) {
            bytes += [0xD4 + UInt8(fixed), UInt8(bitPattern: kind)]
            bytes += content
        } else {
            let width = content.count <= 0xFF ? 0 : content.count <= 0xFFFF ? 1 : 2
            bytes.append(0xC7 + UInt8(width))
            append(UInt64(content.count), 1 << width)
            bytes.append(UInt8(bitPattern: kind))
            bytes += content
        }
    }
}
