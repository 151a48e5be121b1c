import Glibc

/// A payload that a real library wrote, kept beside the tests.
struct Fixture: Hashable, CustomStringConvertible {
    struct Missing: Error { let path: String }

    /// The name of its file in `Fixtures`, such as `django/cart.bin`.
    let name: String

    var description: String { name }

    /// Where the file is.
    var path: String { Self.folder + name }

    /// The file's bytes.
    func bytes() throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return bytes
    }

    private static let folder: String = {
        let here = #filePath
        return here[..<(here.lastIndex(of: "/") ?? here.startIndex)] + "/Fixtures/"
    }()

    /// The fixtures of a folder by name, in order.
    static func all(in folder: String) -> [Fixture] {
        guard let directory = opendir(Self.folder + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".bin") { names.append(folder + "/" + name) }
        }
        return names.sorted().map { Fixture(name: $0) }
    }
}
