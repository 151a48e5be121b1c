internal import CNcurses
internal import Glibc

/// The escape sequences that are not in the terminal database, or that must be at hand as plain bytes.
enum TerminalModes {
    /// Bracketed paste on; terminals that do not know it ignore it.
    static let enter = Array("\u{1B}[?2004h".utf8)
    /// Bracketed paste off.
    static let leave = Array("\u{1B}[?2004l".utf8)
    /// What stands before and after a paste.
    static let pasteBegin = "\u{1B}[200~"
    static let pasteEnd = "\u{1B}[201~"

    /// What a signal handler writes to give the terminal back: mouse and paste off, looks plain, keypad local, cursor
    /// on, normal screen.
    static func restore() -> [UInt8] {
        var bytes = Array("\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l".utf8) + leave
        for capability in ["sgr0", "rmkx", "cnorm", "rmcup"] { bytes += sequence(of: capability) }
        // Without a second screen the prompt would land in the middle of ours.
        if sequence(of: "rmcup").isEmpty { bytes += Array("\r\n".utf8) }
        return bytes
    }

    /// A string of the terminal database without its padding marks `$<5>`; empty where the terminal has none.
    private static func sequence(of capability: String) -> [UInt8] {
        guard let text = string(of: capability) else { return [] }
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "$"), rest.dropFirst().first == UInt8(ascii: "<"),
                let end = rest.firstIndex(of: UInt8(ascii: ">"))
            {
                rest = rest[(end + 1)...]
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }

    /// A string of the terminal database; `nil` where the terminal has none.
    static func string(of capability: String) -> [UInt8]? {
        guard let found = tigetstr(capability), UInt(bitPattern: found) != UInt.max else { return nil }
        return String(cString: found).isEmpty ? nil : (0..<strlen(found)).map { UInt8(bitPattern: found[$0]) }
    }

    /// The size the terminal driver tells; `nil` where it knows none.
    static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes all bytes; gives up where the terminal is gone.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
