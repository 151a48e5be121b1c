import FaultProxy
import SessionCore

/// How a commit ended for its caller.
enum CommitEnding: Hashable, Sendable {
    /// No error, and nothing in doubt.
    case acknowledged
    /// An error that says nothing was written.
    case refused(String)
    /// An error, or a doubt, that says something may have been written.
    case uncertain(String)
}

/// A commit at one fault, and what the server held before and after it.
struct FaultVerdict {
    var scenario: FaultScenario
    var fault: Fault
    var ending: CommitEnding
    var report: CommitReport?
    var before: [String: ServerRecord]
    var after: [String: ServerRecord]
    var wasForeignWritten: Bool
    /// Whether the fault happened.
    var hasStruck: Bool
    /// How many bytes each side sent during the commit.
    var traffic: [FaultDirection: Int]
    /// What was handed to the client during the commit.
    var delivered: [UInt8]

    /// Whether bytes became others, against which TCP has checksums and the protocol has none.
    private var isGarbled: Bool { fault.kind == .garbage }

    /// What of the ending and the report is not so.
    var problems: [String] {
        var problems: [String] = []
        for change in scenario.changes {
            let (old, now) = (before[change.key], after[change.key])
            let isForeign = wasForeignWritten && change.key == "victim"
            if isForeign, now?.text != FaultScenario.theirs { problems.append("the other writer's change is lost") }
            let isOld = now == old || isForeign && now?.text == FaultScenario.theirs
            let isBack = isOld || now?.text == old?.text && now?.flags == old?.flags
            let isMine = now?.text == change.mine && now?.revision != old?.revision
            switch ending {
            case .acknowledged where !isMine && !isGarbled: problems.append("\(change.key) is not written")
            case .refused where isMine || !isBack && !isGarbled: problems.append("\(change.key) is written")
            default: break
            }
            guard let outcome = report?.outcomes[RecordKey(change.key)] else {
                if case .refused = ending, isOld || isGarbled { continue }
                problems.append("nothing is told of \(change.key)")
                continue
            }
            let isTrue =
                switch outcome {
                case .written(let record): isMine && agrees(record, now) || isGarbled && isAsRead(record, now)
                case .conflict: isForeign || isGarbled && !isMine
                case .untouched: isOld
                case .putBack: isBack && (!isOld || old == nil) || isGarbled && !isMine
                case .overtaken: isGarbled
                case .unknown: isBack || isMine || isGarbled
                }
            if !isTrue {
                problems.append("\(change.key) \(outcome.sentence), and the server holds \(now?.text ?? "none")")
            }
        }
        return problems
    }

    private func agrees(_ record: StoredRecord?, _ now: ServerRecord?) -> Bool {
        record.map { String(decoding: $0.payload, as: UTF8.self) } == now?.text
            && record?.revision.number == now?.revision && record?.flags == now?.flags
    }

    /// Where what was sent was garbled, the reading behind it tells what became of it; where the reading was, it cannot.
    private func isAsRead(_ record: StoredRecord?, _ now: ServerRecord?) -> Bool {
        fault.direction == .toServer ? agrees(record, now) : true
    }

    /// Records that are told to be unknown, though the client got all that was to be known of them.
    ///
    /// A machine that is busy with others may let a short time-out pass before the client looks at what it got.
    var needlessDoubts: [String] {
        scenario.changes.enumerated().compactMap { index, change in
            guard case .unknown(let reason) = report?.outcomes[RecordKey(change.key)], !mayBeUnknown(index) else {
                return nil
            }
            return "\(change.key) is unknown (\(reason)), though all was told of it"
        }
    }

    /// Whether the answer to a write, or to putting it back, did not reach the client.
    ///
    /// A reset may lose what was handed over before it, and nonsense what comes behind it.
    private func mayBeUnknown(_ index: Int) -> Bool {
        guard ![.cut, .duplicate, .garbage].contains(fault.kind) else { return true }
        let units = deliveredUnits - scenario.checked
        let count = scenario.changes.count
        guard units >= 2 * count, wasForeignWritten else { return units < 2 * (index + 1) }
        return units - 2 * count < index + 1
    }

    /// Whole lines and whole values that the client got.
    private var deliveredUnits: Int {
        var units = 0
        var rest = delivered[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if line.hasPrefix("VA ") {
                let size = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                guard rest.count >= size + 2 else { break }
                rest = rest.dropFirst(size + 2)
            }
            units += 1
        }
        return units
    }
}
