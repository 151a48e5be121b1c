import Glibc
import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

/// What this package and Python's own unpickler read in the same pickles.
@Suite(.enabled(if: Python.isInstalled)) struct PythonAgreementTests {
    private let format = PickleFormat()

    /// How many objects for each protocol; `PICKLES` in the environment asks for more.
    private static let count = getenv("PICKLES").flatMap { Int(String(cString: $0)) } ?? 400

    @Test(arguments: RandomSource.seeds(1), 0...5)
    func `random objects are shown as Python pickled them`(seed: UInt64, version: Int) throws {
        let written = try Python.run("write \(version) \(Self.count) \(seed % 1_000_000)")
        let all = try WrittenPayload.all(parsing: written)
        #expect(all.count == Self.count)
        for one in all {
            let tree = try format.decode(one.payload)
            #expect(
                tree == one.expected, "\(one.payload.escaped) is not \(Notation.text(of: one.expected))")
        }
    }

    @Test(arguments: RandomSource.seeds(1), 0...5)
    func `Python loads an edited pickle as the edited object`(seed: UInt64, version: Int) throws {
        let written = try Python.run("write \(version) \(Self.count / 2) \(seed % 1_000_000 + 1)")
        var random = RandomSource(seed: seed &+ UInt64(version))
        var pickles = ""
        var expected: [SessionValue] = []
        for one in try WrittenPayload.all(parsing: written) {
            let tree = try format.decode(one.payload)
            let step = random.step(on: tree, base: tree, .python)
            let root = EditedNode(base: tree, edit: nil)
            guard format.refusal(of: step.value, at: step.path, in: root, payload: one.payload) == nil,
                let edit = Edit.setting(step.value, at: step.path[...], base: tree, edit: nil)
            else { continue }
            let spliced = try format.splice(edit, into: one.payload, tree: tree)
            pickles += spliced.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined() + "\n"
            expected.append(try format.decode(spliced))
        }
        #expect(expected.count > Self.count / 10)
        let loaded = try Python.run("read", input: pickles).split(separator: "\n", omittingEmptySubsequences: false)
        for (line, value) in zip(loaded, expected) {
            #expect(
                try Notation.value(parsing: Array(line.utf8)).sameToPython(value), "\(line) \(Notation.text(of: value))"
            )
        }
        #expect(loaded.count == expected.count + 1)
    }
}

/// The Python 3 of this machine, and the script that makes and reads pickles with it.
enum Python {
    struct Failure: Error { let command: String }

    static let isInstalled = system("python3 -c '' 2>/dev/null") == 0

    static func run(_ arguments: String, input: String = "") throws -> String {
        var name = Array("/tmp/tidemark-pickles-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        var rest = Array(input.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(command: "write \(path)") }
            rest = rest.dropFirst(count)
        }
        close(file)
        let command = "python3 -B '\(Fixture(name: "pickle/random_pickles.py").path)' \(arguments) < \(path)"
        guard let pipe = popen(command, "r") else { throw Failure(command: command) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&piece, 1, piece.count, pipe), count > 0 { output += piece[..<count] }
        guard pclose(pipe) == 0 else { throw Failure(command: command) }
        return String(decoding: output, as: UTF8.self)
    }
}

extension SessionValue {
    /// Whether Python prints two values alike, in whatever order it walks its sets.
    func sameToPython(_ other: SessionValue) -> Bool {
        switch (self, other) {
        case (.set(let left), .set(let right)):
            return left.count == right.count && left.allSatisfy { one in right.contains { one.sameToPython($0) } }
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.sameToPython($1) }
        case (.map(let left), .map(let right)):
            return left.count == right.count
                && zip(left, right).allSatisfy { $0.key.sameToPython($1.key) && $0.value.sameToPython($1.value) }
        case (.object(let leftName, let left), .object(let rightName, let right)):
            return leftName == rightName && left.sameToPython(right)
        default: return self == other
        }
    }
}
