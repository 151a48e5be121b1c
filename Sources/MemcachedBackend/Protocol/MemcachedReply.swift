import SessionCore

/// A record as `mg` shows it.
struct Item: Hashable, Sendable {
    /// Nil when only the rest was asked for.
    var payload: [UInt8]?
    var flags: UInt32
    /// Seconds left; nil for never.
    var secondsLeft: Int64?
    var revision: Revision
    var size: Int
}

/// The whole answer to one command.
enum MemcachedReply: Hashable, Sendable {
    case item(Item)
    /// There is no such record.
    case missing
    /// It was stored, deleted or touched.
    case done
    /// `add` found a record.
    case notStored
    /// The record has another revision.
    case exists
    case version(String)
    case statistics([String: String])
    /// The server could not, in its own words; the next command is not affected.
    case serverError(String)
}

/// An answer that ends the use of the connection.
struct ReplyProblem: Error, Hashable {
    var code: StoreError.Code
    var detail: String
}

extension MemcachedRequest {
    /// Takes one unit of the answer to this command.
    /// - Parameters:
    ///   - unit: a line, or a value with its line.
    ///   - statistics: what earlier units of the same answer brought.
    /// - Returns: the answer, or nil if more units belong to it.
    /// - Throws: a problem for what cannot be an answer to this command. After `ERROR` or `CLIENT_ERROR` it is
    ///   unknown what the server took for a command, so these are problems too.
    func answer(_ unit: ReplyUnit, statistics: inout [String: String]) throws(ReplyProblem) -> MemcachedReply? {
        if case .line(let line) = unit {
            let words = ReplyFields.words(line)
            switch words.first.map({ String(decoding: $0, as: UTF8.self) }) {
            case "SERVER_ERROR": return .serverError(PrintableText.escaping(line))
            case "ERROR", "CLIENT_ERROR":
                throw ReplyProblem(
                    code: .serverFailure,
                    detail:
                        "answered \(PrintableText.escaping(line)) to \(PrintableText.escaping(self.line.prefix(60)))")
            default: break
            }
        }
        switch self {
        case .version: return try version(unit)
        case .stats, .settings: return try statistic(unit, &statistics)
        case .read(let key): return try item(unit, of: key, withPayload: true)
        case .check(let key): return try item(unit, of: key, withPayload: false)
        case .delete(let key, _): return try meta(unit, of: key, ["HD": .done, "NF": .missing, "EX": .exists])
        case .touch(let key, _): return try meta(unit, of: key, ["HD": .done, "EN": .missing])
        case .add: return try classic(unit, ["STORED": .done, "NOT_STORED": .notStored])
        case .compareAndSwap:
            return try classic(unit, ["STORED": .done, "EXISTS": .exists, "NOT_FOUND": .missing])
        }
    }

    private func version(_ unit: ReplyUnit) throws(ReplyProblem) -> MemcachedReply {
        guard case .line(let line) = unit, line.starts(with: Array("VERSION ".utf8)) else { throw unexpected(unit) }
        return .version(PrintableText.escaping(line.dropFirst(8)))
    }

    /// No server has more statistics than this; the bound is for what only pretends to be one.
    private static let mostStatistics = 10_000

    private func statistic(_ unit: ReplyUnit, _ known: inout [String: String]) throws(ReplyProblem) -> MemcachedReply? {
        guard case .line(let line) = unit else { throw unexpected(unit) }
        if line == Array("END".utf8) { return .statistics(known) }
        let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].elementsEqual("STAT".utf8), known.count < Self.mostStatistics else {
            throw unexpected(unit)
        }
        let value = words.count == 3 ? String(decoding: words[2], as: UTF8.self) : ""
        known[String(decoding: words[1], as: UTF8.self)] = value
        return nil
    }

    private func classic(_ unit: ReplyUnit, _ answers: [String: MemcachedReply]) throws(ReplyProblem) -> MemcachedReply
    {
        guard case .line(let line) = unit, let reply = answers[String(decoding: line, as: UTF8.self)] else {
            throw unexpected(unit)
        }
        return reply
    }

    private func meta(
        _ unit: ReplyUnit, of key: RecordKey, _ answers: [String: MemcachedReply]
    ) throws(ReplyProblem) -> MemcachedReply {
        guard case .line(let line) = unit else { throw unexpected(unit) }
        let words = ReplyFields.words(line)
        guard let code = words.first, let reply = answers[String(decoding: code, as: UTF8.self)] else {
            throw unexpected(unit)
        }
        try checkKey(words, key, unit)
        return reply
    }

    private func item(
        _ unit: ReplyUnit, of key: RecordKey, withPayload: Bool
    ) throws(ReplyProblem) -> MemcachedReply {
        let line: [UInt8]
        let payload: [UInt8]?
        switch unit {
        case .line(let header): (line, payload) = (header, nil)
        case .value(let header, let bytes): (line, payload) = (header, bytes)
        }
        let words = ReplyFields.words(line)
        guard let code = words.first else { throw unexpected(unit) }
        try checkKey(words, key, unit)
        if code.elementsEqual("EN".utf8) { return .missing }
        guard withPayload ? payload != nil : code.elementsEqual("HD".utf8) else { throw unexpected(unit) }
        var flags: UInt32?
        var left: Int64?
        var revision: UInt64?
        var size: Int64?
        for word in words.dropFirst(withPayload ? 2 : 1) {
            switch word.first {
            case UInt8(ascii: "f"): flags = ReplyFields.number(word.dropFirst()).flatMap(UInt32.init(exactly:))
            case UInt8(ascii: "t"): left = ReplyFields.signedNumber(word.dropFirst())
            case UInt8(ascii: "c"): revision = ReplyFields.unsigned(word.dropFirst())
            case UInt8(ascii: "s"): size = ReplyFields.number(word.dropFirst())
            default: break
            }
        }
        guard let flags, let left, left >= -1, let revision, let size, payload.map({ $0.count == Int(size) }) ?? true
        else { throw unexpected(unit) }
        return .item(
            Item(
                payload: payload, flags: flags, secondsLeft: left == -1 ? nil : left, revision: Revision(revision),
                size: Int(size)))
    }

    /// The server repeats a key as base64 when the record was stored under an encoded key, and plain otherwise.
    private func checkKey(_ words: [ArraySlice<UInt8>], _ key: RecordKey, _ unit: ReplyUnit) throws(ReplyProblem) {
        let echoed = words.dropFirst().first { $0.first == UInt8(ascii: "k") }?.dropFirst()
        guard let echoed, echoed.elementsEqual(key.bytes) || echoed.elementsEqual(Base64.encode(key.bytes)) else {
            throw unexpected(unit)
        }
    }

    private func unexpected(_ unit: ReplyUnit) -> ReplyProblem {
        let line =
            switch unit {
            case .line(let line), .value(let line, _): line
            }
        return ReplyProblem(
            code: .nonsense,
            detail: "answered \"\(PrintableText.escaping(line.prefix(80)))\" to "
                + "\"\(PrintableText.escaping(self.line.prefix(60)))\"; the connection was dropped. "
                + "Is this a memcached server?")
    }
}
