extension Session {
    /// The value at a pointer (RFC 6901), such as `/cart/items/0`; `""` is the whole session.
    ///
    /// A package that nobody has written to is an empty map.
    ///
    /// - Throws: `place` with `noKey` or its like if nothing is there; `pointer` if the text is none.
    public func value(at pointer: String) throws(SessionError) -> SessionValue {
        let pointer = try Self.parse(pointer)
        return try read { held throws(SessionError) in try held.node(at: pointer, in: number).value }
    }

    /// Whether there is a value at a pointer.
    ///
    /// - Throws: `refused` if the session cannot be read, `packageNotLoaded`, `pointer`: what is not known is not missing.
    public func contains(_ pointer: String) throws(SessionError) -> Bool {
        let pointer = try Self.parse(pointer)
        return try read { held throws(SessionError) in
            if let reason = held.unreadableReason(number) { throw .refused(pointer, reason) }
            do throws(SessionError) { _ = try held.path(to: pointer, in: number) } catch {
                guard case .place = error else { throw error }
                return false
            }
            return true
        }
    }

    /// The value at a pointer as an instance of a type.
    ///
    /// - Throws: As `value(at:)`; `coding` if the value is not one of the type.
    public func value<Value: Decodable>(
        at pointer: String, as type: Value.Type
    ) throws(SessionError) -> Value {
        let value = try value(at: pointer)
        do throws(ValueCodingError) { return try ValueCoding.decode(type, from: value) } catch {
            throw .coding(error)
        }
    }

    /// The value at a pointer, which is set to `initial` first if there is none.
    ///
    /// - Throws: As `value(at:as:)` and `set(_:at:)`.
    public func value<Value: Codable>(
        at pointer: String, orSet initial: @autoclosure () -> Value
    ) throws(SessionError) -> Value {
        guard try contains(pointer) else {
            let value = initial()
            try set(value, at: pointer)
            return value
        }
        return try value(at: pointer, as: Value.self)
    }

    /// Sets a value; makes the last token of the pointer, and a missing package.
    ///
    /// - Throws: `refused` if the format cannot hold the value; `place` if the way to it is not there; `transaction`.
    public func set(_ value: SessionValue, at pointer: String) throws(SessionError) {
        let pointer = try Self.parse(pointer)
        try change { draft throws(SessionError) in try draft.set(value, at: pointer) }
    }

    /// Sets a value that encodes itself; see `set(_:at:)`.
    ///
    /// - Throws: Also `coding` if it cannot be encoded.
    public func set(_ value: some Encodable, at pointer: String) throws(SessionError) {
        let encoded: SessionValue
        do throws(ValueCodingError) { encoded = try ValueCoding.value(encoding: value) } catch { throw .coding(error) }
        try set(encoded, at: pointer)
    }

    /// Removes the value at a pointer.
    ///
    /// - Throws: `place` with `noKey` if there is none; `refused`; `transaction`.
    public func remove(at pointer: String) throws(SessionError) {
        let pointer = try Self.parse(pointer)
        try change { draft throws(SessionError) in try draft.remove(at: pointer) }
    }

    private static func parse(_ pointer: String) throws(SessionError) -> JSONPointer {
        do throws(JSONPointerError) { return try JSONPointer(parsing: pointer) } catch { throw .pointer(error) }
    }
}
