import Glibc
import NIOCore
import NIOPosix
import SessionCore

/// Says what went wrong on a network in words.
enum NetworkFailure {
    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return words(error.errnoCode)
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return describe(first.error) }
            return "the host \(PrintableText.escaping(error.host)) is not known"
        case let error as ChannelError:
            if case .connectTimeout = error { return "it did not answer in time" }
            return PrintableText.escaping("\(error)")
        default: return PrintableText.escaping("\(error)")
        }
    }

    private static func words(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused. Is the server running?"
        case ENOENT: "there is no such socket. Is the server running?"
        case ECONNRESET: "the server reset it"
        case EPIPE: "the server closed it"
        case EHOSTUNREACH, ENETUNREACH: "the host cannot be reached"
        case EACCES, EPERM: "this user may not open the socket"
        default: "system error \(code)"
        }
    }
}
