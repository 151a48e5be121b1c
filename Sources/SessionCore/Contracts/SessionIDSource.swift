/// Gives new sessions their ids.
public protocol SessionIDSource: Sendable {
    /// An id that no session has.
    func makeID() -> String
}

/// Ids that nobody can guess: lowercase UUIDs of version 4 from the system's random numbers (RFC 9562, section 5.4).
public struct RandomSessionIDs: SessionIDSource {
    /// The source.
    public init() {}

    /// Whether the bytes of a text are a UUID of any version, in lower case as they are made here.
    public static func hasForm(_ text: some Collection<UInt8>) -> Bool {
        text.count == 36
            && text.enumerated().allSatisfy { index, byte in
                switch byte {
                case UInt8(ascii: "-"): [8, 13, 18, 23].contains(index)
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                    ![8, 13, 18, 23].contains(index)
                default: false
                }
            }
    }

    /// Sixteen random bytes with the marks of version and variant, as `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.
    public func makeID() -> String {
        var random = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef")
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append("-") }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }
}
