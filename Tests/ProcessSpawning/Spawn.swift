public import Glibc

/// A program that could not be started.
public struct SpawnError: Error, CustomStringConvertible {
    /// Which program, and why.
    public let description: String
}

/// Starts a program found in PATH and returns its process.
///
/// The child gets no blocked signals and default actions: the threads that run Swift tasks block nearly all signals,
/// and a child that inherited that would not end at SIGTERM. It gets no descriptors but its three ends: one that kept
/// the locks and pipes of whoever started the tests would hold those up.
///
/// - Parameters:
///   - command: The program and its arguments.
///   - ends: What becomes its standard input, output and error output; -1 for nothing.
///   - environment: Its whole environment; nil for that of the tests.
/// - Returns: The child's process.
/// - Throws: `SpawnError` if there is no such program.
public func spawn(
    _ command: [String], ends: [CInt] = [-1, -1, -1], environment: [String: String]? = nil
) throws -> pid_t {
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

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 3..<1024 as Range<CInt> where fcntl(descriptor, F_GETFD) >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    for (number, end) in ends.enumerated() {
        if end >= 0 {
            posix_spawn_file_actions_adddup2(&actions, end, CInt(number))
        } else {
            posix_spawn_file_actions_addopen(&actions, CInt(number), "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
        }
    }

    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    let variables = environment?.map { "\($0)=\($1)" }
    var settings: [UnsafeMutablePointer<CChar>?] = (variables ?? []).map { strdup($0) } + [nil]
    defer { for text in arguments + settings { free(text) } }
    var pid: pid_t = 0
    let code = settings.withUnsafeMutableBufferPointer { own in
        let variables = variables == nil ? environ : own.baseAddress
        return posix_spawnp(&pid, command.first ?? "", &actions, &attributes, &arguments, variables)
    }
    guard code == 0 else {
        throw SpawnError(description: "cannot start \(command.first ?? ""): error \(code). Is it installed?")
    }
    return pid
}
