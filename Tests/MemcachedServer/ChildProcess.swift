import Glibc
import ProcessSpawning
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
            let pid = try spawn(command)
            var ends: [CInt] = [-1, -1]
            guard pipe(&ends) == 0 else {
                Glibc.kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
                throw MemcachedServerError(description: "no pipe: errno \(errno)")
            }
            defer { close(ends[0]) }
            let watchdog = try spawn(["sh", "-c", "read line; kill -9 \(pid)"], ends: [ends[0], -1, -1])
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
}
