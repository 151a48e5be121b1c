internal import OrderedCollections
public import SessionCore

/// Payloads of Java's object serialization; shown, not edited inside.
///
/// Collections and boxes of the Java library are what they hold; another object is an instance of its class with its fields, those
/// of parent classes too, and with what it wrote by itself under `written`. What comes again is a reference by its handle.
/// Several contents in one stream are a list.
public struct JavaFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `java`.
    public var name: String { "java" }

    /// Java's objects are shown only.
    public var readOnlyReason: String? {
        "Java's objects are shown, not written; replace the whole value with set \"\" bytes(\"…\")"
    }

    /// Whether it begins as a stream of version 5.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        payload.count > 4 && payload.starts(with: [0xAC, 0xED, 0, 5])
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { try read(payload).tree }

    /// The tree, and the classes in it that attacks use.
    public func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload {
        var reader = JavaReader(payload)
        guard recognises(payload, flags: 0) else { throw reader.error("it is no stream of Java") }
        var contents: [SessionValue] = []
        while reader.offset < payload.count { contents.append(try reader.read(depth: 0)) }
        let dangers = reader.descriptions.map(\.name).filter(Self.isHarmful)
            .map { "a program that loads this payload would use \($0)" }
        return DecodedPayload(
            tree: contents.count == 1 ? contents[0] : .list(contents), readOnlyReason: readOnlyReason,
            dangers: OrderedSet(dangers).elements)
    }

    /// Classes by which published attacks on Java take over who loads them.
    private static func isHarmful(_ name: String) -> Bool {
        [
            "org.apache.commons.collections.functors.", "org.apache.commons.collections4.functors.",
            "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl", "org.codehaus.groovy.runtime.",
            "org.springframework.beans.factory.ObjectFactory", "javax.management.BadAttributeValueExpException",
            "sun.rmi.", "java.rmi.", "bsh.", "com.mchange.v2.c3p0.", "org.apache.commons.beanutils.BeanComparator",
        ].contains { name.hasPrefix($0) }
    }

    /// Refused.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "Java's objects cannot be edited inside")
    }

    /// Refused.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "Java's objects are not written")
    }

    /// Everything is refused.
    public func refusal(of value: SessionValue) -> String? { "Java's objects are shown, not written" }
}
