internal import OrderedCollections
internal import SessionCore

/// Reads a stream of Java's object serialization as data; no class is loaded.
///
/// Follows the grammar in chapter 6 of Oracle's "Java Object Serialization Specification". Handles count from 0 in the order
/// in which classes, objects, arrays, texts and enumerations begin.
struct JavaReader {
    /// What a stream says of a class.
    struct ClassDescription {
        var name: String
        var flags: UInt8
        /// Type code and name of each field.
        var fields: [(code: UInt8, name: String)]
        var parent: Int?
    }

    /// What a handle stands for.
    enum Handle {
        case description(Int)
        case text(String)
        /// Something that is shown as a reference where it comes again.
        case object
    }

    let payload: [UInt8]
    var offset = 4
    var descriptions: [ClassDescription] = []
    var handles: [Handle] = []

    init(_ payload: [UInt8]) { self.payload = payload }

    func error(_ problem: String) -> FormatError {
        FormatError(format: "java", offset: offset, problem: problem)
    }

    mutating func number(_ width: Int) throws(FormatError) -> UInt64 {
        guard width <= payload.count - offset else { throw error("the payload ends inside a value") }
        defer { offset += width }
        return payload[offset..<(offset + width)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func bytes(_ count: UInt64) throws(FormatError) -> [UInt8] {
        guard count <= UInt64(payload.count - offset) else { throw error("\(count) bytes do not fit") }
        defer { offset += Int(count) }
        return Array(payload[offset..<(offset + Int(count))])
    }

    /// Text in Java's own UTF-8: a zero takes two bytes, and what is beyond the BMP two surrogates of three each.
    mutating func text(lengthIn width: Int = 2) throws(FormatError) -> String {
        let bytes = try self.bytes(number(width))
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = UInt16(bytes[index])
            let extra = byte < 0x80 ? 0 : byte & 0xE0 == 0xC0 ? 1 : byte & 0xF0 == 0xE0 ? 2 : -1
            guard extra >= 0, index + extra < bytes.count else { throw error("a text is no text of Java") }
            switch extra {
            case 0: units.append(byte)
            case 1: units.append((byte & 0x1F) << 6 | UInt16(bytes[index + 1] & 0x3F))
            default:
                units.append(
                    (byte & 0x0F) << 12 | UInt16(bytes[index + 1] & 0x3F) << 6 | UInt16(bytes[index + 2] & 0x3F))
            }
            index += extra + 1
        }
        return String(decoding: units, as: UTF16.self)
    }

    mutating func read(depth: Int) throws(FormatError) -> SessionValue {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        let code = try number(1)
        switch code {
        case 0x70: return .null
        case 0x71:
            let number = try self.number(4)
            guard number >= 0x7E_0000, number - 0x7E_0000 < UInt64(handles.count) else {
                throw error("there is nothing with the handle \(number)")
            }
            let index = Int(number - 0x7E_0000)
            switch handles[index] {
            case .text(let text): return .string(text)
            case .description(let class_): return .object(className: "Class", state: .string(descriptions[class_].name))
            case .object: return .reference(index)
            }
        case 0x74, 0x7C:
            let text = try self.text(lengthIn: code == 0x74 ? 2 : 8)
            handles.append(.text(text))
            return .string(text)
        case 0x73: return try readObject(depth: depth)
        case 0x75: return try readArray(depth: depth)
        case 0x7E:
            let description = try readDescription(depth: depth)
            handles.append(.object)
            let name = try read(depth: depth + 1)
            return .object(className: description.map { descriptions[$0].name } ?? "enum", state: name)
        case 0x76:
            let description = try readDescription(depth: depth)
            handles.append(.object)
            return .object(className: "Class", state: .string(description.map { descriptions[$0].name } ?? ""))
        case 0x77: return .bytes(try self.bytes(number(1)))
        case 0x7A: return .bytes(try self.bytes(number(4)))
        default: throw error("no content begins with the byte \(code)")
        }
    }

    /// A class's description; nil for none.
    mutating func readDescription(depth: Int) throws(FormatError) -> Int? {
        guard depth <= Notation.maximumDepth else { throw error("classes nest too deep") }
        switch try number(1) {
        case 0x70: return nil
        case 0x71:
            let number = try self.number(4)
            guard number >= 0x7E_0000, number - 0x7E_0000 < UInt64(handles.count),
                case .description(let class_) = handles[Int(number - 0x7E_0000)]
            else { throw error("there is no class with the handle \(number)") }
            return class_
        case 0x72:
            let name = try text()
            _ = try number(8)
            descriptions.append(ClassDescription(name: name, flags: 0, fields: []))
            let class_ = descriptions.count - 1
            handles.append(.description(class_))
            descriptions[class_].flags = UInt8(try number(1))
            for _ in 0..<(try number(2)) {
                let code = UInt8(try number(1))
                let field = try text()
                // Objects and arrays name their type, as a text of the stream.
                if code == UInt8(ascii: "L") || code == UInt8(ascii: "[") { _ = try read(depth: depth + 1) }
                descriptions[class_].fields.append((code, field))
            }
            _ = try readAnnotation(depth: depth)
            descriptions[class_].parent = try readDescription(depth: depth + 1)
            return class_
        case 0x7D:
            descriptions.append(ClassDescription(name: "(proxy)", flags: 2, fields: []))
            let class_ = descriptions.count - 1
            handles.append(.description(class_))
            for _ in 0..<(try number(4)) { _ = try text() }
            _ = try readAnnotation(depth: depth)
            descriptions[class_].parent = try readDescription(depth: depth + 1)
            return class_
        default: throw error("expected a class")
        }
    }

    /// What a class writes by itself, up to its end.
    mutating func readAnnotation(depth: Int) throws(FormatError) -> [SessionValue] {
        var values: [SessionValue] = []
        while offset < payload.count {
            if payload[offset] == 0x78 {
                offset += 1
                return values
            }
            values.append(try read(depth: depth + 1))
        }
        throw error("the payload ends inside an object")
    }
}
