/// What its writer was told of an append.
enum AppendAnswer: String, Hashable, Sendable, CaseIterable {
    case acknowledged
    /// An error that says nothing was written.
    case failed
    /// It may have been written.
    case unknown
}

/// An append of a number that no other append has.
struct Append: Hashable, Sendable {
    var writer: Int
    var session: String
    var number: Int
    var answer: AppendAnswer
}

/// The appends of all writers, each in the order in which its writer made them, against what the lists hold in the end.
struct AppendHistory {
    var appends: [Append]
    var lists: [String: [Int]]

    /// What cannot be, if nothing was lost and every answer was true.
    var problems: [String] {
        var problems: [String] = []
        var places: [Int: [(session: String, index: Int)]] = [:]
        for (session, list) in lists {
            for (index, number) in list.enumerated() { places[number, default: []].append((session, index)) }
        }
        var latest: [[String]: Int] = [:]
        for append in appends {
            let found = places.removeValue(forKey: append.number) ?? []
            let isRight =
                switch append.answer {
                case .acknowledged: found.count == 1
                case .failed: found.isEmpty
                case .unknown: found.count <= 1
                }
            if !isRight { problems.append("\(append.number) was \(append.answer), and is there \(found.count) times") }
            for place in found {
                if place.session != append.session {
                    problems.append("\(append.number) is in \(place.session), not in \(append.session)")
                }
                let line = ["\(append.writer)", place.session]
                if let earlier = latest[line], place.index < earlier {
                    problems.append("\(append.number) comes before what its writer appended earlier")
                }
                latest[line] = place.index
            }
        }
        for number in places.keys { problems.append("\(number) was appended by nobody") }
        return problems
    }
}
