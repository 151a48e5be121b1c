internal import Glibc
internal import SessionCommands
internal import SessionCore

/// Writing to the two outputs: data on the first, everything else on the second.
enum Output {
    /// Prints lines of data at once, also into a pipe.
    static func data(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Prints lines that are no data.
    static func remark(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Prints a failure.
    static func failure(_ failure: CommandFailure, place: String = "") {
        remark("tidemark: \(place)\(failure.message)")
    }

    private static func write(_ text: String, to file: Int32) {
        // Whatever a message quotes, no control character of it reaches a terminal; only line ends are ours.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            PrintableText.harmless(String($0))
        }
        var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // The reader is gone or the disk is full; there is nobody left to tell.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
