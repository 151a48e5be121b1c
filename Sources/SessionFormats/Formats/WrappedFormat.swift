public import SessionCore

/// A format inside a wrapper, such as JSON in zlib; wrappers go into each other.
///
/// An edit is one of the content's bytes, which are then wrapped again the same way.
public struct WrappedFormat: PayloadFormat {
    private let wrapper: any PayloadWrapper
    private let inner: any PayloadFormat

    /// A format inside a wrapper.
    public init(_ wrapper: any PayloadWrapper, _ inner: any PayloadFormat) {
        self.wrapper = wrapper
        self.inner = inner
    }

    /// The names from the inside out, such as `json in zlib in base64`.
    public var name: String { "\(inner.name) in \(wrapper.name)" }

    /// As for the content.
    public var readOnlyReason: String? { inner.readOnlyReason }

    /// Whether the wrapper recognises it, and its content has the format.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard wrapper.recognises(payload, flags: flags), let content = try? wrapper.unwrap(payload) else {
            return false
        }
        return inner.recognises(content, flags: wrapper.innerFlags(flags))
    }

    private func content<Result>(
        _ payload: [UInt8], _ body: ([UInt8]) throws(FormatError) -> Result
    ) throws(FormatError) -> Result {
        let content = try wrapper.unwrap(payload)
        do throws(FormatError) { return try body(content) } catch {
            throw FormatError(format: name, offset: error.offset, problem: "inside \(wrapper.name): \(error.problem)")
        }
    }

    /// The content's tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        try content(payload) { content throws(FormatError) in try inner.decode(content) }
    }

    /// The content's tree and dangers.
    public func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload {
        try content(payload) { content throws(FormatError) in try inner.read(content) }
    }

    /// The payload with the edit made in its content.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        let edited = try inner.splice(edit, into: wrapper.unwrap(payload), tree: tree)
        let wrapped = try wrapper.rewrap(edited, like: payload)
        guard try wrapper.unwrap(wrapped) == edited else {
            throw FormatError(format: name, problem: "\(wrapper.name) does not give the content back")
        }
        return wrapped
    }

    /// The tree, wrapped as by a writer that nobody configured.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] { try wrapper.wrap(inner.encode(tree)) }

    /// As for the content.
    public func refusal(of value: SessionValue) -> String? { inner.refusal(of: value) }

    /// As for the content.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? {
        inner.refusal(of: value, at: path, in: root, payload: payload.flatMap { try? wrapper.unwrap($0) })
    }

    /// As for the content.
    public func remainder(afterRemoving path: ValuePath, from payload: [UInt8]?) -> SessionValue? {
        inner.remainder(afterRemoving: path, from: payload.flatMap { try? wrapper.unwrap($0) })
    }

    /// The content without its own wrappers.
    public func unwrapped(_ payload: [UInt8]) throws(FormatError) -> [UInt8] {
        try inner.unwrapped(wrapper.unwrap(payload))
    }

    /// As for the content.
    public func listing(of unwrapped: [UInt8], in range: Range<Int>) -> [PayloadItem] {
        inner.listing(of: unwrapped, in: range)
    }
}
