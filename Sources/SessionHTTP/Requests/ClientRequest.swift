public import HTTPTypes
internal import SessionCore

/// A field of a form or of a query.
public struct FormField: Hashable, Sendable {
    /// The field's name.
    public var name: String
    /// What was filled in.
    public var value: String

    /// A field.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What of a request can tell whose it is.
public struct ClientRequest: Hashable, Sendable {
    /// The request without its body.
    public var head: HTTPRequest
    /// The fields of the form in its body, if the framework has read one.
    public var form: [FormField]
    /// Whether the client speaks TLS.
    ///
    /// A server behind a proxy that ends TLS has to say so.
    public var isSecure: Bool

    /// A request.
    ///
    /// - Parameters:
    ///   - head: The request without its body.
    ///   - form: The fields of the form in its body.
    ///   - isSecure: Whether the client speaks TLS; by default what the request's scheme says.
    public init(_ head: HTTPRequest, form: [FormField] = [], isSecure: Bool? = nil) {
        self.head = head
        self.form = form
        self.isSecure = isSecure ?? (head.scheme == "https")
    }

    /// The values of the cookies of a name, in the order of the header; a browser sends the one of the longest path first.
    public func cookies(named name: CookieName) -> [String] {
        head.headerFields[values: .cookie].flatMap { CookieText.pairs(of: $0) }.filter { $0.name == name.text }.map(
            \.value)
    }

    /// The fields of the query and then those of the form.
    public var fields: [FormField] {
        let query = (head.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst()
        return FormText.fields(of: query.first ?? "") + form
    }
}

/// Forms as browsers spell them: `application/x-www-form-urlencoded`.
enum FormText {
    static func fields(of text: some StringProtocol) -> [FormField] {
        text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return FormField(name: decoded(parts[0]), value: parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        String(decoding: PercentCoding.decoded(text.utf8.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }), as: UTF8.self)
    }
}
