import Glibc

/// One unit of what a server sends: a line, or a line that announces a value together with that value.
enum ReplyUnit: Hashable, Sendable {
    case line([UInt8])
    case value(line: [UInt8], payload: [UInt8])
}

/// Bytes that are no reply of the protocol; holds what was wrong with them.
struct ReplySyntaxError: Error, Hashable {
    var detail: String
}

/// Cuts a stream of bytes into lines and values, whatever pieces it comes in.
///
/// It keeps what is not complete yet: at most a line of `lineLimit` bytes or a value of `valueLimit` bytes, besides
/// the last piece received. After an error it must not be used again.
struct ReplyParser: Hashable, Sendable {
    static let lineLimit = 8192

    private struct Announced: Hashable {
        var line: [UInt8]
        var size: Int
    }

    /// The largest value accepted, in bytes; the server's `item_size_max` once it is known.
    var valueLimit = 1 << 20
    /// Bytes of complete units handed out so far.
    private(set) var consumed = 0

    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var announced: Announced?

    /// Whether nothing is waiting to be completed.
    var isEmpty: Bool { start == buffer.count && announced == nil }

    mutating func append(_ bytes: [UInt8]) {
        if start == buffer.count {
            buffer = bytes
            (start, searched) = (0, 0)
        } else {
            if start > 1 << 16, start > buffer.count / 2 {
                buffer.removeSubrange(..<start)
                searched -= start
                start = 0
            }
            buffer += bytes
        }
    }

    /// The next complete unit, or nil if more bytes are needed.
    mutating func next() throws(ReplySyntaxError) -> ReplyUnit? {
        if let announced { return try finish(announced) }
        guard let newline = nextNewline() else {
            guard buffer.count - start <= Self.lineLimit else {
                throw ReplySyntaxError(detail: "a line of more than \(Self.lineLimit) bytes")
            }
            return nil
        }
        guard newline > start, buffer[newline - 1] == UInt8(ascii: "\r") else {
            throw ReplySyntaxError(detail: "a line that does not end in CR LF")
        }
        guard newline - start <= Self.lineLimit else {
            throw ReplySyntaxError(detail: "a line of more than \(Self.lineLimit) bytes")
        }
        let line = Array(buffer[start..<newline - 1])
        consumed += newline + 1 - start
        start = newline + 1
        searched = start
        guard line.starts(with: Array("VA ".utf8)) else { return .line(line) }
        guard let size = ReplyFields.number(line.dropFirst(3).prefix { $0 != 0x20 }), size <= valueLimit else {
            throw ReplySyntaxError(detail: "a value of an impossible size (at most \(valueLimit) bytes were expected)")
        }
        let value = Announced(line: line, size: Int(size))
        announced = value
        return try finish(value)
    }

    private mutating func finish(_ value: Announced) throws(ReplySyntaxError) -> ReplyUnit? {
        let end = start + value.size
        guard buffer.count >= end + 2 else { return nil }
        guard buffer[end] == UInt8(ascii: "\r"), buffer[end + 1] == UInt8(ascii: "\n") else {
            throw ReplySyntaxError(detail: "a value that is longer than announced")
        }
        let payload = Array(buffer[start..<end])
        consumed += value.size + 2
        start = end + 2
        searched = start
        announced = nil
        return .value(line: value.line, payload: payload)
    }

    private mutating func nextNewline() -> Int? {
        let from = searched
        let found = buffer.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int? in
            guard from < bytes.count, let base = bytes.baseAddress else { return nil }
            return memchr(base + from, 0x0A, bytes.count - from).map { UnsafeRawPointer($0) - base }
        }
        searched = found ?? buffer.count
        return found
    }
}

/// The words of a reply line.
enum ReplyFields {
    /// The words between blanks.
    static func words(_ line: [UInt8]) -> [ArraySlice<UInt8>] {
        line.split(separator: 0x20, omittingEmptySubsequences: true)
    }

    /// A decimal number without sign below 2^63, or nil.
    static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int64(digit - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// A decimal number with an optional minus sign, or nil.
    static func signedNumber(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.first == UInt8(ascii: "-") else { return number(digits) }
        return number(digits.dropFirst()).map { -$0 }
    }

    /// A decimal number of 64 bits without sign, or nil.
    static func unsigned(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
