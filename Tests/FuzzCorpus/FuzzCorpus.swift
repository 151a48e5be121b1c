import Glibc

/// Inputs that the fuzzers found worth keeping; each is read again by the tests.
public enum FuzzCorpus {
    /// One input.
    public struct Input: Sendable, CustomStringConvertible {
        /// The file's name.
        public let name: String
        /// What is in it.
        public let bytes: [UInt8]

        /// The file's name.
        public var description: String { name }
    }

    /// The names of what is fuzzed.
    public static var targets: [String] { names(in: folder) }

    /// The inputs of one target, by name.
    public static func inputs(of target: String) -> [Input] {
        names(in: folder + target).compactMap { name in
            guard let file = fopen("\(folder)\(target)/\(name)", "rb") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65536)
            while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
            return Input(name: name, bytes: bytes)
        }
    }

    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fuzzers/corpus/"

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
