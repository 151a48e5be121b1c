import Glibc

/// A loopback port that nothing listens on, and that nobody else gets while the value lives.
public final class SilentPort: Sendable {
    /// The port.
    public let number: Int
    private let descriptor: CInt

    /// Takes a port without listening on it.
    public init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = Loopback.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        guard isBound else { throw MemcachedServerError(description: "no free port: errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }
}
