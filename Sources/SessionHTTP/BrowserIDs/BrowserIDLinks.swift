extension BrowserIDManager {
    /// How an address carries an id.
    public enum LinkStyle: String, Hashable, Sendable, CaseIterable {
        /// In the query: `/cart?_ZopeId=…`.
        case query
        /// In front of the path: `/_ZopeId/…/cart`.
        case path
    }

    /// An address that carries an id, for clients without cookies.
    ///
    /// As Products.Sessions writes it, but for addresses that it breaks: the id stands before a `#`, after which a browser would
    /// not send it, and an address relative to a page is refused for the path.
    ///
    /// - Parameters:
    ///   - address: An absolute address, or a path from the root.
    ///   - id: The id.
    ///   - style: Where the id is put.
    ///   - isForHTML: Whether the address goes into the text of a page, where `&` is spelled `&amp;`.
    /// - Returns: The address with the id.
    /// - Throws: `relativeAddress` for the path of an address that does not begin with a scheme, `/` or `?`.
    public func link(
        _ address: String, carrying id: BrowserID, style: LinkStyle = .query, isForHTML: Bool = true
    ) throws(BrowserIDError) -> String {
        let name = cookie.name.text
        let end = address.firstIndex(of: "#") ?? address.endIndex
        let (base, fragment) = (address[..<end], address[end...])
        switch style {
        case .query:
            let sign = !base.contains("?") ? "?" : isForHTML ? "&amp;" : "&"
            return "\(base)\(sign)\(name)=\(id)\(fragment)"
        case .path:
            let start = try pathStart(of: base)
            return "\(base[..<start])/\(name)/\(id)\(base[start...])\(fragment)"
        }
    }

    /// A field that carries an id with a form, unseen.
    public func hiddenField(carrying id: BrowserID) -> String {
        // Names and ids are of characters that need no escaping.
        #"<input type="hidden" name="\#(cookie.name)" value="\#(id)" />"#
    }

    private func pathStart(of address: Substring) throws(BrowserIDError) -> Substring.Index {
        // A scheme stands before anything else: `://` in a query belongs to another address.
        let scheme = address.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let behind = address[scheme.endIndex...]
        let isHost = behind.hasPrefix("//") && (scheme.isEmpty || scheme.last == ":")
        let host = isHost ? behind.dropFirst(2) : nil
        if let rest = host {
            return rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        }
        guard address.first == "/" || address.first == "?" else { throw .relativeAddress(String(address)) }
        return address.startIndex
    }
}
