public import SessionCore

/// Payloads that Ruby's `Marshal` wrote (4.8), as Rack and Rails keep sessions; shown, not edited inside.
///
/// A symbol is an instance of `Symbol`. Text in UTF-8 or ASCII is text, other text is bytes or an instance of `String` with
/// its encoding. An object is an instance of its class with its variables; what is linked to again is a reference by its
/// number. Nothing is executed; classes that attacks use are named as dangers.
public struct MarshalFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `marshal`.
    public var name: String { "marshal" }

    /// Marshal is shown only.
    public var readOnlyReason: String? {
        "Ruby's Marshal is shown, not written; replace the whole value with set \"\" bytes(\"…\")"
    }

    /// Whether it begins with the version 4.8.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        payload.count >= 3 && payload[0] == 4 && payload[1] == 8
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { try read(payload).tree }

    /// The tree, and the classes in it that attacks use.
    public func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload {
        var reader = MarshalReader(payload)
        guard recognises(payload, flags: 0) else { throw reader.error("it is not Marshal 4.8") }
        let tree = try reader.read()
        guard reader.offset == payload.count else { throw reader.error("something follows the value") }
        var dangers: [String] = []
        for name in reader.classNames where Self.isHarmful(name) {
            let words = "a program that loads this payload would use \(name)"
            if !dangers.contains(words) { dangers.append(words) }
        }
        return DecodedPayload(tree: tree, readOnlyReason: readOnlyReason, dangers: dangers)
    }

    /// Classes whose instances run code when they are loaded or used; what published attacks on Ruby are made of.
    private static func isHarmful(_ name: String) -> Bool {
        let exact: Set<String> = [
            "ERB", "Kernel", "IO", "File", "Process", "Net::BufferedIO", "Net::WriteAdapter", "UncaughtThrowError",
            "Logger", "ActiveSupport::Deprecation::DeprecatedInstanceVariableProxy",
            "ActiveModel::AttributeMethods::ClassMethods::CodeGenerator", "Sprockets::Context", "URI::HTTP",
        ]
        return exact.contains(name) || name.hasPrefix("Gem::") || name.hasPrefix("Rake::")
    }

    /// Refused.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "Marshal cannot be edited inside")
    }

    /// Refused.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "Marshal is not written")
    }

    /// Everything is refused.
    public func refusal(of value: SessionValue) -> String? { "Ruby's Marshal is shown, not written" }
}
