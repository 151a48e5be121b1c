import Glibc

/// Why a server or a connection could not be used.
struct SocketError: Error, CustomStringConvertible {
    var description: String

    init(_ what: String) {
        description = "\(what): \(String(cString: strerror(errno)))"
    }
}

/// A blocking connection to a loopback port: the least that a request can cost here.
final class BlockingSocket {
    private let descriptor: CInt
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)

    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw SocketError("no connection to port \(port)") }
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        // A server that says nothing must not stop the benchmarks for ever.
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of some bytes.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.send(descriptor, raw.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketError("sending failed") }
            sent += count
        }
    }

    /// Reads until so many bytes have come.
    func receive(count: Int) throws {
        var left = count
        while left > 0 { left -= try receive(atMost: left).count }
    }

    /// Reads until what came ends with this, and counts the bytes.
    func receive(until end: [UInt8]) throws -> Int {
        var count = 0
        var tail: [UInt8] = []
        while true {
            let bytes = try receive(atMost: buffer.count)
            count += bytes.count
            tail = (tail + bytes.suffix(end.count)).suffix(end.count)
            if tail == end { return count }
        }
    }

    /// Sends a command and reads the answer up to this end, as text.
    func ask(_ command: String, until end: String = "\r\n") throws -> String {
        try send(Array(command.utf8))
        var answer: [UInt8] = []
        while !answer.suffix(end.utf8.count).elementsEqual(end.utf8) {
            answer += try receive(atMost: buffer.count)
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private func receive(atMost limit: Int) throws -> ArraySlice<UInt8> {
        let count = recv(descriptor, &buffer, min(limit, buffer.count), 0)
        guard count != 0 else { throw ComparisonError(description: "the server closed the connection") }
        guard count > 0 else { throw SocketError("receiving failed") }
        return buffer[..<count]
    }

    /// A port of the loopback address that nothing listened on a moment ago.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard code == 0 else { throw SocketError("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }
}
