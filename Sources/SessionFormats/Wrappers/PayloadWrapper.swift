public import SessionCore

/// Something around a payload that its content is found in and put back into: compression, or bytes spelled as text.
public protocol PayloadWrapper: Sendable {
    /// The wrapper's name on screen, such as `zlib`.
    var name: String { get }

    /// Whether a payload looks wrapped so, by flags and first bytes; cheap, and sure only once `unwrap` succeeds.
    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool

    /// What is inside; at most `longestContent` bytes.
    func unwrap(_ payload: [UInt8]) throws(FormatError) -> [UInt8]

    /// Other content in the same wrapping: with the settings that made `payload`, as far as it shows them.
    func rewrap(_ content: [UInt8], like payload: [UInt8]) throws(FormatError) -> [UInt8]

    /// Content wrapped with the settings of a writer that nobody configured.
    func wrap(_ content: [UInt8]) throws(FormatError) -> [UInt8]

    /// The client flags without those that are about the wrapping.
    func innerFlags(_ flags: UInt32) -> UInt32
}

extension PayloadWrapper {
    /// All of them, unless a wrapper has flags of its own.
    public func innerFlags(_ flags: UInt32) -> UInt32 { flags }

    /// An error of this wrapper.
    func error(_ problem: String) -> FormatError { FormatError(format: name, problem: problem) }
}

/// The most bytes that a wrapped payload may hold, 64 MiB: more than any session, and little enough for a bomb to end soon.
let longestContent = 64 << 20
