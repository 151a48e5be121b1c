internal import OrderedCollections
internal import SessionCore

extension JavaReader {
    mutating func readObject(depth: Int) throws(FormatError) -> SessionValue {
        guard let class_ = try readDescription(depth: depth) else { throw error("an object has no class") }
        handles.append(.object)
        // The fields of the parent classes come first.
        var line: [Int] = []
        var next: Int? = class_
        while let index = next {
            guard line.count < 100 else { throw error("a class has too many parents") }
            line.append(index)
            next = descriptions[index].parent
        }
        var fields: SessionMap = [:]
        var annotations: [SessionValue] = []
        for index in line.reversed() {
            let description = descriptions[index]
            if description.flags & 4 != 0 {
                guard description.flags & 8 != 0 else { throw error("an object writes itself in a form of its own") }
                annotations += try readAnnotation(depth: depth)
                continue
            }
            for field in description.fields {
                fields[.string(field.name)] = try readField(field.code, depth: depth)
            }
            if description.flags & 1 != 0 { annotations += try readAnnotation(depth: depth) }
        }
        return Self.shown(descriptions[class_].name, fields, annotations)
    }

    private mutating func readField(_ code: UInt8, depth: Int) throws(FormatError) -> SessionValue {
        switch Unicode.Scalar(code) {
        case "B": return .integer(Int(Int8(truncatingIfNeeded: try number(1))))
        case "C": return .string(String(decoding: [UInt16(try number(2))], as: UTF16.self))
        case "D": return .double(Double(bitPattern: try number(8)))
        case "F": return .double(Double(Float(bitPattern: UInt32(try number(4)))))
        case "I": return .integer(Int(Int32(truncatingIfNeeded: try number(4))))
        case "J": return .integer(Int(Int64(bitPattern: try number(8))))
        case "S": return .integer(Int(Int16(truncatingIfNeeded: try number(2))))
        case "Z": return .bool(try number(1) != 0)
        case "L", "[": return try read(depth: depth + 1)
        default: throw error("there is no field type \(code)")
        }
    }

    mutating func readArray(depth: Int) throws(FormatError) -> SessionValue {
        guard let class_ = try readDescription(depth: depth) else { throw error("an array has no class") }
        handles.append(.object)
        let name = Array(descriptions[class_].name.utf8)
        let count = try number(4)
        guard name.count >= 2, name[0] == UInt8(ascii: "[") else { throw error("an array's class is none of arrays") }
        if name[1] == UInt8(ascii: "B") { return .bytes(try bytes(count)) }
        guard count <= UInt64(payload.count - offset) else { throw error("\(count) elements do not fit") }
        var values: [SessionValue] = []
        for _ in 0..<count { values.append(try readField(name[1], depth: depth)) }
        return .list(values)
    }

    /// Boxes and collections of the Java library as what they hold, other objects by class and fields.
    private static func shown(_ name: String, _ fields: SessionMap, _ annotations: [SessionValue]) -> SessionValue {
        switch name {
        case "java.lang.Integer", "java.lang.Long", "java.lang.Short", "java.lang.Byte", "java.lang.Boolean",
            "java.lang.Double", "java.lang.Float", "java.lang.Character":
            return fields["value"] ?? .null
        case "java.util.ArrayList", "java.util.LinkedList", "java.util.ArrayDeque":
            // The capacity stands before the elements.
            guard case .bytes? = annotations.first else { break }
            return .list(Array(annotations.dropFirst()))
        case "java.util.HashSet", "java.util.LinkedHashSet":
            guard case .bytes? = annotations.first else { break }
            return .set(Array(annotations.dropFirst()))
        case "java.util.HashMap", "java.util.LinkedHashMap", "java.util.Hashtable", "java.util.TreeMap":
            guard let map = map(annotations) else { break }
            return .map(map)
        case "java.util.concurrent.ConcurrentHashMap":
            // Keys and values up to two nulls, behind what older releases had in their place.
            guard let map = map([.bytes([])] + annotations.filter { $0 != .null }) else { break }
            return .map(map)
        case "java.util.Date":
            guard case .bytes(let bytes)? = annotations.first, bytes.count == 8 else { break }
            let milliseconds = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return .object(className: name, state: .integer(Int(Int64(bitPattern: milliseconds))))
        default: break
        }
        guard !annotations.isEmpty else { return .object(className: name, state: .map(fields)) }
        if fields.isEmpty { return .object(className: name, state: .list(annotations)) }
        return .object(className: name, state: ["fields": .map(fields), "written": .list(annotations)])
    }

    private static func map(_ annotations: [SessionValue]) -> SessionMap? {
        guard case .bytes? = annotations.first, annotations.count % 2 == 1 else { return nil }
        var map: SessionMap = [:]
        for index in stride(from: 1, to: annotations.count, by: 2) { map[annotations[index]] = annotations[index + 1] }
        return map.count == annotations.count / 2 ? map : nil
    }
}
