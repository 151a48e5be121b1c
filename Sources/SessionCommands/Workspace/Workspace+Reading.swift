internal import OrderedCollections
public import SessionCore

extension Workspace {
    func list(_ pointer: JSONPointer) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        let node = try node(at: pointer, in: session)
        guard node.childCount != nil else {
            return Reply(lines: [Notation.text(of: node.value)])
        }
        let listing = Listing(node)
        var rows: [[String]] = []
        for position in 0..<listing.count {
            guard let item = listing[position] else { continue }
            rows.append([String(item.letter), item.step.token, item.node?.kind.rawValue ?? "-", Self.summary(of: item)])
        }
        if pointer.tokens.isEmpty {
            for part in session.parts {
                guard let package = part.package, let node = work.node(of: part.record) else { continue }
                rows.append([" ", package, "package", Notation.text(of: Secrets.masked(node.value))])
            }
        }
        rows = rows.map { [$0[0], PrintableText.escaping($0[1]), $0[2], $0[3]] }
        return Reply(lines: rows.isEmpty ? ["(empty)"] : Columns.lines(rows))
    }

    private static func summary(of item: ListedValue) -> String {
        let path = [item.step]
        let isSecret = Secrets.isSecret(path)
        func text(_ value: SessionValue) -> String {
            isSecret ? Secrets.mask : Notation.text(of: Secrets.masked(value))
        }
        switch (item.letter, item.before, item.node) {
        case ("M", let before?, let node?): return "\(text(before)) -> \(text(node.value))"
        case (_, _, let node?): return text(node.value)
        case (_, let before?, nil): return text(before)
        default: return ""
        }
    }

    func get(_ pointer: JSONPointer) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        let node = try node(at: pointer, in: session)
        if pointer.tokens.isEmpty {
            var value = node.value
            for part in session.parts {
                guard let package = part.package, let inner = work.node(of: part.record), case .map(var map) = value
                else { continue }
                map[.string(package)] = inner.value
                value = .map(map)
            }
            return Reply(lines: [Notation.text(of: value)])
        }
        return Reply(lines: [Notation.text(of: node.value)])
    }

    func status(now: Timestamp) -> Reply {
        var lines = ["transaction \(transactionNumber), \(stateTitle)"]
        if let session { lines.append("session \(title(of: session)) in \(session.session.container.title)") }
        if sessions.count > 1 { lines.append("open: \(sessions.values.map(openTitle).joined(separator: ", "))") }
        for (id, edit) in work.edits.sorted(by: { $0.key < $1.key }) {
            let base = work.records[id]
            var parts: [String] = []
            if edit.isDestroyed { parts.append("destroyed") }
            let letters = ValueChange.changes(of: edit.tree, base: base?.tree).map(\.letter)
            for letter in "MAD" where letters.contains(letter) {
                parts.append("\(letter)\(letters.count { $0 == letter })")
            }
            if edit.payload != nil { parts.append("payload replaced") }
            if let lifetime = edit.lifetime { parts.append("ttl \(Quantities.lifetime(lifetime))") }
            let mark = conflicts[id] == nil ? "*" : "!"
            lines.append("\(mark) \(id.key) \(parts.joined(separator: " "))")
        }
        if work.isClean { lines.append("nothing is staged") }
        return Reply(lines: lines)
    }

    /// An open session with its container, and its mark if it is dirty.
    private func openTitle(_ session: OpenSession) -> String {
        let title = "\(session.session.container.title):\(title(of: session))"
        if session.parts.contains(where: { conflicts[$0.record] != nil }) { return "!\(title)" }
        return session.parts.contains { work.isDirty($0.record) } ? "*\(title)" : title
    }

    /// The transaction's state in words.
    public var stateTitle: String {
        if isCommitting { return "committing" }
        if failedCommit != nil { return "failed, abort it" }
        if isDoomed { return "doomed, abort it" }
        return work.isClean
            ? "open, clean"
            : "open, \(Quantities.count(work.edits.count, "dirty record")), \(Quantities.count(work.changeCount, "change"))"
    }

    mutating func diff(against base: DiffBase) throws(CommandFailure) -> Reply {
        switch base {
        case .base: return Reply(lines: changeLines(since: .none))
        case .savepoint(let name): return Reply(lines: changeLines(since: try staged(at: .named(name))))
        case .store:
            let ids = sessions.values.flatMap { $0.parts.map(\.record) }
            guard !ids.isEmpty else { throw CommandFailure(.usage, "no session is open; open ID opens one") }
            return Reply(effects: [request(.load(ids), .diffStore)])
        }
    }

    /// What is staged now, as differences to what was staged at another moment.
    public func changeLines(since then: StagedChanges) -> [String] {
        var lines: [String] = []
        for id in Set(work.edits.keys).union(then.edits.keys).sorted() {
            guard let record = work.records[id] else { continue }
            let now = work.edit(of: id)
            let before = then.edit(of: id)
            let changes =
                before.isEmpty
                ? ValueChange.changes(of: now.tree, base: record.tree)
                : ValueChange.changes(from: then.node(of: record).value, to: record.node(now).value)
            guard now != before || !changes.isEmpty else { continue }
            lines.append("\(id.key)")
            if now.payload == nil, !now.isDestroyed { lines += changes.map { "  " + Self.line(of: $0) } }
            if now.isDestroyed, !before.isDestroyed { lines.append("  D the session") }
            if now.payload != before.payload { lines.append("  M the whole payload") }
            if let lifetime = now.lifetime, lifetime != before.lifetime {
                lines.append("  M ttl \(Quantities.lifetime(lifetime))")
            }
        }
        return lines.isEmpty ? ["no differences"] : lines
    }

    func diffStore(_ records: [RecordID: StoredRecord]) -> Reply {
        var lines: [String] = []
        for (session, open) in sessions {
            for part in open.parts {
                guard let base = work.records[part.record], let content = work.node(of: part.record)?.value else {
                    continue
                }
                var probe = self
                probe.take(records[part.record], as: part.record, of: session)
                let theirs = records[part.record] == nil ? nil : probe.work.records[part.record]?.tree
                let changes = ValueChange.changes(
                    from: theirs, to: base.stored == nil && !work.isDirty(part.record) ? nil : content)
                guard !changes.isEmpty else { continue }
                lines.append("\(part.record.key): the store holds -> here")
                lines += changes.map { "  " + Self.line(of: $0) }
            }
        }
        return Reply(lines: lines.isEmpty ? ["no differences"] : lines)
    }

    /// Characters that one side of a difference is cut at; `get` prints values whole.
    static let shownCharacters = 300

    /// A value on one line, cut where it is long.
    static func shortText(of value: SessionValue) -> String {
        let text = Notation.text(of: value)
        guard text.utf8.count > shownCharacters else { return text }
        return "\(text.prefix(shownCharacters))… (\(Quantities.count(text.utf8.count)) bytes as text)"
    }

    /// A difference on one line, secrets masked; `place` is where it is, if not at the change's own pointer.
    public static func line(of change: ValueChange, at place: JSONPointer? = nil) -> String {
        let isSecret = Secrets.isSecret(change.path)
        func text(_ value: SessionValue) -> String {
            isSecret ? Secrets.mask : Self.shortText(of: Secrets.masked(value))
        }
        let pointer = place ?? change.pointer
        let place = pointer.tokens.isEmpty ? "\"\"" : pointer.description
        return switch (change.before, change.after) {
        case (let before?, let after?): "M \(place) \(text(before)) -> \(text(after))"
        case (nil, let after?): "A \(place) \(text(after))"
        case (let before?, nil): "D \(place) \(text(before))"
        case (nil, nil): "  \(place)"
        }
    }

    func trips() throws(CommandFailure) -> Reply {
        let store = try requireStore()
        let traffic = store.traffic
        var lines = [
            "\(Quantities.count(traffic.total, "round trip")), \(Quantities.count(traffic.commands, "command")), "
                + "\(Quantities.count(traffic.bytesOut)) bytes out, \(Quantities.count(traffic.bytesIn)) bytes in, "
                + "\(Quantities.count(traffic.failures, "failure"))"
        ]
        let kinds = RoundTrip.Purpose.allCases.compactMap { purpose in
            traffic.trips[purpose].map { "\(purpose.rawValue) \($0)" }
        }
        if !kinds.isEmpty { lines.append(kinds.joined(separator: ", ")) }
        lines += traffic.recent.suffix(10).map(Self.line(of:))
        return Reply(lines: lines)
    }

    /// A round trip on one line.
    public static func line(of trip: RoundTrip) -> String {
        "\(Quantities.timeOfDay(trip.start)) \(trip.purpose.rawValue) \(Quantities.milliseconds(trip.microseconds))"
            + " \(trip.summary)\(trip.succeeded ? "" : " FAILED")"
    }

    func help(_ name: String?) throws(CommandFailure) -> Reply {
        guard let name else {
            return Reply(lines: Columns.lines(CommandSyntax.all.map { [$0.usage, $0.summary] }))
        }
        guard let syntax = CommandSyntax.named(name) else {
            throw CommandFailure(.usage, "no command \(PrintableText.escaping(name)); help lists the commands")
        }
        return Reply(
            lines: [syntax.usage, "  \(syntax.summary)"] + (syntax.detail.isEmpty ? [] : ["  \(syntax.detail)"]))
    }
}
