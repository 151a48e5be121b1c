internal import Glibc
internal import SessionCore

/// The file of a journal, which holds what sessions hold: for its user's eyes only.
enum JournalFile {
    /// Makes folder and file with rights for the user alone, and takes from others what rights they have.
    static func prepare(_ path: String) throws(JournalError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try make(folder: folder)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path) }
        guard status.st_uid == geteuid() else {
            throw JournalError("the journal \(path) belongs to another user; --no-journal goes on without one")
        }
        if status.st_mode & 0o077 != 0, fchmod(file, 0o600) != 0 { throw failure(path) }
    }

    private static func make(folder: String) throws(JournalError) {
        guard !folder.isEmpty, access(folder, F_OK) != 0 else { return }
        if let slash = folder.lastIndex(of: "/") { try make(folder: String(folder[..<slash])) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure(folder) }
    }

    private static func failure(_ path: String) -> JournalError {
        let reason = String(cString: strerror(errno))
        return JournalError("the journal \(path) cannot be made: \(reason). --no-journal goes on without one")
    }
}
