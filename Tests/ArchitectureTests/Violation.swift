/// A place that breaks a rule of the house.
struct Violation: Hashable, CustomStringConvertible {
    /// The file's path below the package's folder.
    var path: String
    /// The line, from 1; nil for the whole file.
    var line: Int?
    /// What is wrong and what to do.
    var problem: String

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(problem)" }
}
