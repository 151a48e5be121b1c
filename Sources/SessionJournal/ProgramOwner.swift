internal import Glibc

/// A program that writes into a journal, told from one that gets its number after it has ended.
public struct ProgramOwner: Hashable, Sendable {
    /// Number, start time and boot, as the journal keeps them.
    public let text: String

    /// The program of a text.
    public init(text: String) {
        self.text = text
    }

    /// This program.
    public static var current: ProgramOwner {
        let pid = getpid()
        return ProgramOwner(text: "\(pid) \(start(of: pid) ?? "?") \(boot)")
    }

    /// Whether the program of a text still runs.
    static func runs(_ text: String) -> Bool {
        let words = text.split(separator: " ")
        guard words.count == 3, let pid = pid_t(words[0]), words[2] == boot[...] else { return false }
        return start(of: pid).map { $0 == words[1] } ?? false
    }

    /// When a process began, in clock ticks since the machine started: the 22nd field of `/proc/PID/stat`, counted behind the name
    /// in brackets, which may hold blanks.
    private static func start(of pid: pid_t) -> String? {
        guard let stat = SystemFile.text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 20 else { return nil }
        // One that has ended and was not asked for its status yet runs no more.
        return fields[1] == "Z" ? nil : String(fields[20])
    }

    /// Another one after each start of the machine.
    private static var boot: String {
        SystemFile.text("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init) ?? "?"
    }
}

/// Small files of the system.
enum SystemFile {
    /// The text of a file; nil if it cannot be read.
    static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
