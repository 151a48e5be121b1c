import Foundation

/// A browser without a window: curl with cookies of its own.
final class Curl: Sendable {
    /// What came back.
    struct Answer {
        var status: Int
        var fields: [(name: String, value: String)]
        var body: String

        /// The last field of a name.
        func field(_ name: String) -> String? { fields.last { $0.name == name }?.value }
    }

    /// What went wrong before there was an answer.
    struct Failure: Error {
        var status: Int32
    }

    private let base: String
    private let jar = FileManager.default.temporaryDirectory.appending(path: "shop-\(UUID()).cookies")

    init(port: Int) {
        base = "http://127.0.0.1:\(port)"
    }

    deinit {
        try? FileManager.default.removeItem(at: jar)
    }

    /// The cookie that the next request brings, as curl keeps it.
    var cookie: String? {
        // A line has seven fields with a tab between them, the last two are name and value; curl's comments start with
        // `# `, and the cookies that scripts cannot see with `#HttpOnly_`.
        let text = (try? String(contentsOf: jar, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("# ") }
        return lines.map { $0.split(separator: "\t") }.last { $0.count == 7 && $0[5] == "parrot_shop" }.map {
            "\($0[6])"
        }
    }

    /// Asks for a page.
    func get(_ path: String) async throws -> Answer { try await run(path, jarArguments) }

    /// Sends a form; with a cookie that is given, the client's own is neither sent nor changed.
    func post(_ path: String, _ form: [String: String] = [:], cookie: String? = nil) async throws -> Answer {
        let cookies = cookie.map { ["-b", "parrot_shop=\($0)"] } ?? jarArguments
        // curl sends a POST without any field only when told to.
        let fields = form.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] }
        return try await run(path, cookies + ["-X", "POST"] + fields)
    }

    private var jarArguments: [String] { ["-b", jar.path, "-c", jar.path] }

    private func run(_ path: String, _ arguments: [String]) async throws -> Answer {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "-q", "-sS", "-i", "--max-time", "30"] + arguments + [base + path]
        let output = Pipe()
        process.standardOutput = output
        let status = try await process.end()
        guard status == 0 else { throw Failure(status: status) }
        // Pages of this shop are smaller than a pipe's buffer, so curl never waits for a reader.
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        return Answer(reading: String(decoding: text, as: UTF8.self))
    }
}

extension Curl.Answer {
    /// Reads a head and a body.
    init(reading text: String) {
        let lines = text.components(separatedBy: "\r\n")
        let head = lines.prefix { !$0.isEmpty }
        status = head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        fields = head.dropFirst().map { line in
            let parts = line.split(separator: ": ", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? String(parts[1]) : "")
        }
        body = lines.dropFirst(head.count + 1).joined(separator: "\r\n")
    }
}

extension Process {
    /// Runs it to its end.
    func end() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try run() } catch { continuation.resume(throwing: error) }
        }
    }
}
