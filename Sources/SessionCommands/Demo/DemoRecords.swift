public import SessionCore

/// One record that a demonstration starts with.
public struct DemoRecord: Hashable, Sendable {
    /// The record's key.
    public var key: RecordKey
    /// The bytes stored under it.
    public var payload: [UInt8]
    /// The client flags.
    public var flags: UInt32
    /// How long it lives from the moment it is put in.
    public var lifetime: Lifetime

    /// A record.
    public init(key: RecordKey, payload: [UInt8], flags: UInt32, lifetime: Lifetime) {
        self.key = key
        self.payload = payload
        self.flags = flags
        self.lifetime = lifetime
    }
}

/// Reads the text that a demonstration's records are kept in.
///
/// A record is two lines: `record KEY flags=N ttl=D|never`, then its payload as UTF-8, or `hex:` and hexadecimal digits.
/// Between records, blank lines and lines that start with `#` say nothing.
public enum DemoRecords {
    /// The records in the order they stand; a line that is none of this is refused with its number, a key that comes twice too.
    public static func parse(_ text: String) throws(CommandFailure) -> [DemoRecord] {
        var records: [DemoRecord] = []
        var keys: Set<RecordKey> = []
        var header: (record: DemoRecord, line: Int)?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine).enumerated() {
            let number = index + 1
            if var (record, _) = header {
                record.payload = try payload(line, number)
                records.append(record)
                header = nil
            } else if !line.isEmpty, !line.hasPrefix("#") {
                let record = try record(line, number)
                guard keys.insert(record.key).inserted else {
                    throw CommandFailure(
                        .usage, "line \(number): the key \(record.key) came before; give each key once")
                }
                header = (record, number)
            }
        }
        if let header {
            throw CommandFailure(.usage, "line \(header.line): the record has no payload; write it on the next line")
        }
        return records
    }

    private static func record(_ line: Substring, _ number: Int) throws(CommandFailure) -> DemoRecord {
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "record", words[2].hasPrefix("flags="), words[3].hasPrefix("ttl="),
            let flags = UInt32(words[2].dropFirst("flags=".count))
        else {
            throw CommandFailure(
                .usage, "line \(number): expected record KEY flags=N ttl=D, as in record a:1 flags=0 ttl=6h")
        }
        let lifetime: Lifetime
        do throws(CommandFailure) { lifetime = try Command.lifetime(String(words[3].dropFirst("ttl=".count))) } catch {
            throw CommandFailure(.usage, "line \(number): \(error.message)")
        }
        return DemoRecord(
            key: RecordKey(PrintableText.bytes(of: String(words[1]))), payload: [], flags: flags, lifetime: lifetime)
    }

    private static func payload(_ line: Substring, _ number: Int) throws(CommandFailure) -> [UInt8] {
        guard line.hasPrefix("hex:") else { return Array(line.utf8) }
        let digits = Array(line.utf8.dropFirst("hex:".utf8.count))
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            let pair = digits[start..<min(start + 2, digits.count)]
            guard pair.count == 2, pair.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            else {
                throw CommandFailure(.usage, "line \(number): hex: takes two hexadecimal digits for each byte")
            }
            bytes.append(byte)
        }
        return bytes
    }
}
