import Synchronization

/// Answers given one after the other; the last one again and again.
final class AnswerList: Sendable {
    private let rest: Mutex<[String]>

    init(_ answers: [String]) {
        rest = Mutex(answers)
    }

    func next() -> String {
        rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? "" }
    }
}
