import Glibc
import Synchronization

/// Processes that tests start, each ended with the test process however that ends.
enum ChildProcess {
    /// A shell that ends a child when the pipe from the test process closes: a test process that crashes runs no
    /// `deinit` and no `atexit`.
    private struct Watchdog {
        var pid: pid_t
        var pipe: CInt
    }

    private static let running = Mutex<[pid_t: Watchdog]>([:])
    private static let atExit: Void = {
        atexit { ChildProcess.endAll() }
    }()

    /// Starts a program found in PATH, with its output thrown away.
    static func start(_ command: [String]) throws -> pid_t {
        _ = atExit
        return try running.withLock { children in
            let pid = try spawn(command, input: nil)
            var ends: [CInt] = [-1, -1]
            guard pipe(&ends) == 0 else {
                Glibc.kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
                throw MemcachedServerError(description: "no pipe: errno \(errno)")
            }
            defer { close(ends[0]) }
            let watchdog = try spawn(["sh", "-c", "read line; kill -9 \(pid)"], input: ends[0])
            children[pid] = Watchdog(pid: watchdog, pipe: ends[1])
            return pid
        }
    }

    /// Whether a process has ended by itself.
    static func hasEnded(_ pid: pid_t) -> Bool {
        running.withLock { children in
            // Looking without reaping keeps the number from being given to another process while it is watched.
            var information = siginfo_t()
            guard waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
                information.si_signo == SIGCHLD
            else { return false }
            if let watchdog = children.removeValue(forKey: pid) { end(watchdog) }
            waitpid(pid, nil, 0)
            return true
        }
    }

    /// Sends a signal and waits for the end.
    static func end(_ pid: pid_t, with signal: CInt) {
        guard let watchdog = running.withLock({ $0.removeValue(forKey: pid) }) else { return }
        end(watchdog)
        kill(pid, signal)
        kill(pid, SIGCONT)
        while waitpid(pid, nil, 0) == -1, errno == EINTR {}
    }

    private static func end(_ watchdog: Watchdog) {
        kill(watchdog.pid, SIGKILL)
        waitpid(watchdog.pid, nil, 0)
        close(watchdog.pipe)
    }

    private static func endAll() {
        for pid in running.withLock({ Array($0.keys) }) { end(pid, with: SIGKILL) }
    }

    private static func spawn(_ command: [String], input: CInt?) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A thread that runs tasks blocks almost all signals; a child would inherit that and ignore SIGTERM.
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A child that keeps the locks and pipes of whoever started the tests would hold those up.
        for descriptor in 3..<1024 as Range<CInt> where fcntl(descriptor, F_GETFD) >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, arguments, environ)
        guard code == 0 else {
            throw MemcachedServerError(description: "cannot start \(command[0]): error \(code). Is it installed?")
        }
        return pid
    }
}
