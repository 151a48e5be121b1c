internal import Glibc
internal import SessionCommands

/// Writing to the two outputs: data on the first, everything else on the second.
enum Output {
    /// Prints a line of data at once, also into a pipe.
    static func data(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Prints a line that is no data.
    static func remark(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Prints a failure.
    static func failure(_ failure: CommandFailure, place: String = "") {
        remark("tidemark: \(place)\(failure.message)")
    }

    private static func write(_ text: String, to file: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // The reader is gone or the disk is full; there is nobody left to tell.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
