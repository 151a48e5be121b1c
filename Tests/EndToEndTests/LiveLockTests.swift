import Glibc
import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    /// The locks of PHP's own session handlers, where these are installed; `make live` gets them.
    @Suite struct LiveLockTests {
        private static let id = "02p9k4sts1d19sfejh3f81igkc"

        /// PHP's handlers that are there.
        private static let installed: [String] = {
            let modules = (try? output(of: "php -m")) ?? ""
            return ["memcached", "memcache"].filter(modules.split(separator: "\n").map(String.init).contains)
        }()

        private static func output(of command: String) throws -> String {
            guard let pipe = popen("\(command) 2>/dev/null", "r") else {
                throw ProgramFailure(description: "no process for \(command)")
            }
            var output: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4096)
            while case let count = fread(&piece, 1, piece.count, pipe), count > 0 { output += piece[..<count] }
            guard pclose(pipe) == 0 else { throw ProgramFailure(description: "\(command) failed") }
            return String(decoding: output, as: UTF8.self)
        }

        @Test(
            .enabled(if: !installed.isEmpty, "none of PHP's handlers is installed; make live gets them"),
            arguments: installed)
        func `a request of PHP keeps a commit under its lock out, and the next request sees the commit`(
            handler: String
        ) throws {
            let server = try MemcachedServer()
            let program = try #require(TmuxSession.product("tidemark"))
            let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Writers"
            let key = handler == "memcached" ? "memc.sess.key.\(Self.id)" : Self.id
            let script = #"printf 'open \#(key)\nset /n 4\ncommit --lock\n' | '\#(program)' run \#(server.address) -"#
            let quoted = "'" + script.replacing("'", with: #"'\''"#) + "'"
            let printed = try Self.output(
                of: "php '\(folder)/php_request.php' \(handler) \(server.port) \(Self.id) \(quoted)")
            #expect(printed == "5 0 4\n")
        }
    }
}
