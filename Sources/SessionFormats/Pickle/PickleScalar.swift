internal import OrderedCollections
internal import SessionCore

/// Instances that are shown as one readable value: dates and times, decimals, UUIDs, and the byte strings that older
/// protocols spell as calls.
enum PickleScalar {
    /// The classes and functions that make such values.
    static let names: Set<String> = [
        "_codecs.encode", "builtins.bytes", PickleClass.byteArray, PickleClass.decimal, PickleClass.date,
        PickleClass.time, PickleClass.dateTime, PickleClass.timeDelta, PickleClass.uuid,
    ]

    /// The value of an instance; nil if its class is none of these, or it was not made the way CPython makes it.
    ///
    /// `arguments` are the values it is made of; `offset` is the seconds east of UTC of its time zone argument, nil without
    /// one and for one that is not fixed.
    static func value(
        _ object: PickleObject, arguments: [SessionValue], state: SessionValue?, offset: Int?
    ) -> SessionValue? {
        let name = object.canonicalName
        guard object.items.isEmpty, object.elements.isEmpty, object.keywords == nil, object.base == nil,
            object.computedArguments == nil
        else { return nil }
        if name == PickleClass.uuid { return uuid(arguments, state) }
        guard state == nil else { return nil }
        switch (name, arguments.count) {
        case ("_codecs.encode", 2): return latin1(arguments).map { .bytes($0) }
        case ("builtins.bytes", 0): return .bytes([])
        case (PickleClass.byteArray, 0): return .object(className: name, state: .bytes([]))
        case (PickleClass.byteArray, 1):
            guard case .bytes = arguments[0] else { return nil }
            return .object(className: name, state: arguments[0])
        case (PickleClass.byteArray, 2):
            return latin1(arguments).map { .object(className: name, state: .bytes($0)) }
        case (PickleClass.decimal, 1): return text(arguments[0]).map { .object(className: name, state: .string($0)) }
        case (PickleClass.date, 1), (PickleClass.time, 1), (PickleClass.dateTime, 1):
            guard case .bytes(let bytes) = arguments[0] else { return nil }
            return PickleMoment(bytes, className: name).map { .object(className: name, state: .string($0.text)) }
        case (PickleClass.time, 2), (PickleClass.dateTime, 2):
            guard case .bytes(let bytes) = arguments[0], let offset,
                let moment = PickleMoment(bytes, className: name, offset: offset)
            else { return nil }
            return .object(className: name, state: .string(moment.text))
        case (PickleClass.timeDelta, 3): return .object(className: name, state: .tuple(arguments))
        default: return nil
        }
    }

    /// Text that stands for bytes: `(text, "latin1")`.
    private static func latin1(_ arguments: [SessionValue]) -> [UInt8]? {
        guard case .string(let text) = arguments[0], let encoding = self.text(arguments[1]),
            encoding == "latin1" || encoding == "latin-1"
        else { return nil }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Text, or ASCII bytes as Python 2 has them.
    private static func text(_ value: SessionValue) -> String? {
        switch value {
        case .string(let text): text
        case .bytes(let bytes) where bytes.allSatisfy { $0 < 0x80 }: String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    private static func uuid(_ arguments: [SessionValue], _ state: SessionValue?) -> SessionValue? {
        guard arguments.isEmpty, case .map(let map)? = state, map.count == 1, let (key, number) = map.elements.first,
            text(key) == "int", let digits = PickleUUID.text(of: number)
        else { return nil }
        return .object(className: PickleClass.uuid, state: .string(digits))
    }
}
