import Foundation

/// One text file of the package.
struct SourceFile: Hashable {
    /// The path below the package's folder.
    var path: String
    /// What is in it.
    var text: String

    /// The file's name without its folders and suffix.
    var name: String {
        let last = path.split(separator: "/").last ?? ""
        return String(last.prefix { $0 != "." })
    }

    /// The target it belongs to: the folder below `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// Number of lines.
    var lineCount: Int {
        text.utf8.count { $0 == UInt8(ascii: "\n") } + (text.isEmpty || text.utf8.last == UInt8(ascii: "\n") ? 0 : 1)
    }
}

/// The package's files as they lie on disk.
enum SourceTree {
    /// The package's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The files below a folder with one of these suffixes, in the order of their paths.
    static func files(in folder: String, suffixes: Set<String> = ["swift"]) throws -> [SourceFile] {
        let start = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
        return try walk.compactMap { $0 as? URL }
            .filter { suffixes.contains($0.pathExtension) }
            .map { url in
                let path = folder + url.path(percentEncoded: false).dropFirst(start.path(percentEncoded: false).count)
                return SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8))
            }
            .sorted { $0.path < $1.path }
    }

    /// The folders directly below `Sources`: the targets.
    static func targets() throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path())
        return Set(names.filter { !$0.hasPrefix(".") })
    }
}
