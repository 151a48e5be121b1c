import Glibc

/// A blocking connection that sends text and reads what comes: another program that uses the same server.
public final class RawClient {
    private let descriptor: CInt

    /// Connects to a loopback port.
    public init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Loopback.address(port: port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            // The descriptor is stored already, so deinit closes it.
            throw MemcachedServerError(description: "no connection to port \(port): errno \(errno)")
        }
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends text and reads until one of these ends the answer; five seconds at most between pieces.
    @discardableResult
    public func ask(_ text: String, until ends: [String] = ["\r\n"]) throws -> String {
        try send(Array(text.utf8))
        var answer: [UInt8] = []
        while !ends.contains(where: { answer.hasSuffix($0) }) {
            answer += try read()
        }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Stores a value without condition, as applications do.
    public func set(_ key: String, _ value: String, flags: UInt32 = 0, expiry: Int64 = 0) throws {
        let answer = try ask("set \(key) \(flags) \(expiry) \(value.utf8.count)\r\n\(value)\r\n")
        guard answer == "STORED\r\n" else { throw MemcachedServerError(description: "set answered \(answer)") }
    }

    /// Sends bytes.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.send(
                    descriptor, raw.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw MemcachedServerError(description: "send failed: errno \(errno)") }
            sent += count
        }
    }

    private func read() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            throw MemcachedServerError(description: count == 0 ? "the server closed it" : "read: errno \(errno)")
        }
        return Array(buffer[..<count])
    }
}

/// Socket addresses of this machine.
enum Loopback {
    static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}
