internal import SessionCore

/// The bytes that a write changes, as lines to read.
enum ByteChangeText {
    /// How many differences are listed, and how many opcodes of each.
    private static let most = 12
    /// How many bytes of one side are printed.
    private static let longest = 48

    /// The differences between the payload that was loaded and the one that is written, both without their wrappers.
    ///
    /// With the opcodes that hold them, where the format has such. Empty for a record that is made, deleted or only retimed.
    static func lines(of step: Plan.Step, _ record: LoadedRecord) -> [String] {
        guard case .put(let payload, _, _) = step.write.change, case .unchanged(let stored) = step.write.expectation,
            payload != stored.payload
        else { return [] }
        let format = record.format
        let isUnwrappable = (try? format.unwrapped(payload)) != nil
        let before = isUnwrappable ? (try? format.unwrapped(stored.payload)) ?? stored.payload : stored.payload
        let after = (try? format.unwrapped(payload)) ?? payload
        let hunks = ByteChanges.hunks(from: before, to: after)
        let isSecret = step.changes.contains { Secrets.isSecret($0.path) || Secrets.holdsSecret($0) }
        let isWrapped = before != stored.payload
        var lines: [String] = []
        for hunk in hunks.prefix(most) {
            let range = "\(hunk.before.lowerBound)..<\(hunk.before.upperBound)"
            let place = "  bytes \(range)\(isWrapped ? ", unwrapped" : ""): "
            guard !isSecret else {
                lines.append(place + "\(hunk.before.count) -> \(hunk.after.count), masked")
                continue
            }
            lines.append(place + "\(text(before[hunk.before])) -> \(text(after[hunk.after]))")
            lines += items(format.listing(of: before, in: hunk.before), "-")
            lines += items(format.listing(of: after, in: hunk.after), "+")
        }
        if hunks.count > most { lines.append("  and \(Quantities.count(hunks.count - most, "difference")) more") }
        let kept = before.count - hunks.reduce(0) { $0 + $1.before.count }
        return lines + ["  \(Quantities.count(kept, "byte")) of \(Quantities.count(before.count)) as before"]
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard !bytes.isEmpty else { return "nothing" }
        let shown = Notation.text(of: .bytes(Array(bytes.prefix(longest))))
        return bytes.count > longest ? "\(shown)… (\(Quantities.count(bytes.count)))" : shown
    }

    private static func items(_ items: [PayloadItem], _ sign: String) -> [String] {
        let shown = items.prefix(most).map { "    \(sign) \($0.range.lowerBound): \(PrintableText.escaping($0.text))" }
        return items.count > most ? shown + ["    \(sign) and \(items.count - most) more"] : shown
    }
}
