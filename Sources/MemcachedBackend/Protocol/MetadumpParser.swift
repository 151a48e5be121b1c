import Glibc
import SessionCore

/// What a metadump came to.
enum MetadumpEvent: Hashable, Sendable {
    /// The list is complete.
    case end
    /// Another crawl is running.
    case busy
    /// The server does not do it, in its own words.
    case refused(String)
    /// This is no metadump.
    case nonsense(String)
}

/// Reads the lines of `lru_crawler metadump` into columns, whatever pieces they come in.
///
/// Lines end in LF, the last one in CR LF. Fields that are not needed or not known are skipped.
struct MetadumpParser: Hashable, Sendable {
    /// The keys read and not taken yet.
    private(set) var batch = ScanBatch()
    private var rest: [UInt8] = []

    /// Hands over what was read so far.
    mutating func take() -> ScanBatch {
        defer { batch = ScanBatch() }
        return batch
    }

    /// Reads some bytes; returns the end of the dump if they hold it.
    ///
    /// What follows that is ignored.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> MetadumpEvent? {
        var start = 0
        if !rest.isEmpty {
            guard let newline = newline(in: bytes, from: 0) else { return keep(bytes[...]) }
            var line = rest
            line += bytes[..<newline]
            rest = []
            start = newline + 1
            let event = line.withUnsafeBytes { self.line($0) }
            if let event { return event }
        }
        while let newline = newline(in: bytes, from: start) {
            if let event = line(UnsafeRawBufferPointer(rebasing: bytes[start..<newline])) { return event }
            start = newline + 1
        }
        return keep(bytes[start...])
    }

    private mutating func keep(_ bytes: Slice<UnsafeRawBufferPointer>) -> MetadumpEvent? {
        guard rest.count + bytes.count <= ReplyParser.lineLimit else {
            return .nonsense("a line of more than \(ReplyParser.lineLimit) bytes")
        }
        rest += bytes
        return nil
    }

    private func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, 0x0A, bytes.count - start).map { UnsafeRawPointer($0) - base }
    }

    private mutating func line(_ raw: UnsafeRawBufferPointer) -> MetadumpEvent? {
        let bytes = raw.last == 0x0D ? UnsafeRawBufferPointer(rebasing: raw.dropLast()) : raw
        guard Self.starts(bytes, with: "key=") else { return word(bytes) }
        guard bytes.count <= ReplyParser.lineLimit else {
            return .nonsense("a line of more than \(ReplyParser.lineLimit) bytes")
        }
        var key: [UInt8] = []
        var index = 4
        while index < bytes.count, bytes[index] != 0x20 {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = PercentCoding.value(ofDigit: bytes[index + 1]),
                    let low = PercentCoding.value(ofDigit: bytes[index + 2])
                else { return nonsense(bytes) }
                key.append(high << 4 | low)
                index += 3
            } else {
                key.append(bytes[index])
                index += 1
            }
        }
        var expiry: Int64?
        var size: Int64?
        while index < bytes.count {
            index += 1
            let field = index
            while index < bytes.count, bytes[index] != 0x20 { index += 1 }
            let slice = UnsafeRawBufferPointer(rebasing: bytes[field..<index])
            if Self.starts(slice, with: "exp=") { expiry = Self.number(slice, from: 4) }
            if Self.starts(slice, with: "size=") { size = Self.number(slice, from: 5) }
        }
        guard !key.isEmpty, key.count <= WireKey.longest, let expiry, expiry >= -1, let size, size >= 0 else {
            return nonsense(bytes)
        }
        batch.append(key: key, size: UInt32(clamping: size), expirySeconds: expiry)
        return nil
    }

    /// A line that is no key.
    private func word(_ bytes: UnsafeRawBufferPointer) -> MetadumpEvent? {
        if bytes.elementsEqual("END".utf8) { return .end }
        if bytes.elementsEqual("OK".utf8) { return nil }  // 1.6.43 begins with it
        if Self.starts(bytes, with: "BUSY") { return .busy }
        let refusals: [StaticString] = ["ERROR", "CLIENT_ERROR", "SERVER_ERROR"]
        if refusals.contains(where: { Self.starts(bytes, with: $0) }) {
            return .refused(PrintableText.escaping(Array(bytes.prefix(200))))
        }
        return nonsense(bytes)
    }

    private func nonsense(_ bytes: UnsafeRawBufferPointer) -> MetadumpEvent {
        .nonsense("\"\(PrintableText.escaping(Array(bytes.prefix(80))))\"")
    }

    private static func starts(_ bytes: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
        guard let base = bytes.baseAddress, bytes.count >= prefix.utf8CodeUnitCount else { return false }
        return memcmp(base, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int64? {
        let isNegative = bytes.count > start && bytes[start] == UInt8(ascii: "-")
        let digits = bytes.dropFirst(isNegative ? start + 1 : start)
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return isNegative ? -value : value
    }
}
