/// Which way bytes go.
public enum FaultDirection: String, Hashable, Sendable, CaseIterable {
    /// From the client to the server.
    case toServer
    /// From the server to the client.
    case toClient
}

/// Something that goes wrong with a connection at one byte.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// What goes wrong.
    public enum Kind: Hashable, Sendable {
        /// The connection is reset on both sides, as when a router loses it.
        case cut
        /// The receiver sees an orderly end, and nothing of the rest.
        case truncate
        /// The rest is swallowed; both ends stay open, so whoever waits waits on.
        case drop
        /// The rest waits for `FaultProxy.release`.
        case delay
        /// The rest of the piece that the byte is in comes twice.
        case duplicate
        /// Some bytes become others, which no protocol of text has.
        case garbage
    }

    /// What goes wrong.
    public var kind: Kind
    /// Which way the byte goes.
    public var direction: FaultDirection
    /// The first byte concerned, counted from the arming.
    public var position: Int

    /// A fault at a byte.
    public init(_ kind: Kind, _ direction: FaultDirection, at position: Int) {
        self.kind = kind
        self.direction = direction
        self.position = position
    }

    /// The fault in words.
    public var description: String { "\(kind) at byte \(position) \(direction)" }

    /// How many bytes `garbage` replaces.
    static let garbageLength = 8
    /// No text, and no part of any UTF-8.
    static let garbageByte: UInt8 = 0xFE
}
