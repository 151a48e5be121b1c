import Glibc

/// A program that was run to its end.
struct ChildProcess {
    let status: Int32
    let output: String

    /// Runs a program found in PATH and waits for it; `nil` where it cannot be started.
    ///
    /// The child gets no blocked signals and default actions: the threads that run Swift tasks block nearly all
    /// signals, and a child inherits that, after which SIGTERM does not end it.
    static func run(_ arguments: [String]) -> ChildProcess? {
        var ends: [Int32] = [-1, -1]
        // A socket pair can be made close-on-exec at once. Between a pipe and its fcntl another thread may start a child,
        // which then holds the writing end, and reading waits for that child too.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, arguments.first ?? "", &actions, &attributes, words + [nil], environ)
        close(ends[1])
        guard failure == 0 else { return nil }

        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(ends[0], &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return ChildProcess(status: status, output: String(decoding: bytes, as: UTF8.self))
    }
}
