import Console
import Glibc
import SessionCommands

/// The sessions and the tour that the program carries, from the files they are made of.
enum DemoContent {
    struct NoFile: Error { var path: String }

    /// The folder of the package.
    static let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    static func records() throws -> [DemoRecord] {
        try DemoRecords.parse(text(of: "\(package)/Assets/demo/sessions/demo.sessions"))
    }

    static func tour() throws -> Tour { Tour(parsing: try text(of: "\(package)/Assets/demo/talks/tour.talk")) }

    /// What a file holds.
    static func text(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw NoFile(path: path) }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { content += buffer[..<count] }
        return String(decoding: content, as: UTF8.self)
    }
}
