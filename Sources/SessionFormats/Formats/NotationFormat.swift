public import SessionCore

/// Payloads in the text notation, as Tidemark's own containers have them; holds every value.
public struct NotationFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `notation`.
    public var name: String { "notation" }

    /// Everything can be edited.
    public var readOnlyReason: String? { nil }

    /// Anything may be notation; only decoding tells.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { !payload.isEmpty }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        do throws(NotationError) { return try Notation.value(parsing: payload) } catch {
            throw FormatError(error, format: name)
        }
    }

    /// The payload with the edit made.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        let style = TextStyle(spacesAfterColon: true, spacesAfterComma: true, escapesBeyondASCII: false)
        var splicer = TextSplicer(payload, dialect: .notation, style: style, encode: Notation.text(of:))
        do throws(NotationError) { return try splicer.splice(edit) } catch { throw FormatError(error, format: name) }
    }

    /// The tree on one line.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        Array(Notation.text(of: tree).utf8)
    }

    /// The notation holds everything.
    public func refusal(of value: SessionValue) -> String? { nil }
}
