/// Tells classes and functions by which a pickle takes over the program that loads it.
///
/// A pickle may call anything that its loader can import, so no list is whole; what stands here is what attacks use
/// (fickling's and CPython's own warnings name the same).
enum PickleDanger {
    /// Modules and their parts, and single names.
    private static let prefixes: [String] = [
        "os", "posix", "nt", "subprocess", "sys", "socket", "shutil", "pty", "commands", "importlib", "runpy", "ctypes",
        "code", "codeop", "multiprocessing", "webbrowser", "pickle", "cPickle", "_pickle", "marshal", "pip", "timeit",
        "bdb", "pdb", "signal", "urllib.request", "urllib2", "http.client", "http.server", "ftplib", "smtplib", "imp",
        "zipimport", "functools.partial", "operator.attrgetter", "operator.methodcaller", "types.FunctionType",
        "types.CodeType", "asyncio", "platform.popen", "torch.load", "numpy.load",
    ]

    private static let builtIns: Set<Substring> = [
        "eval", "exec", "execfile", "compile", "open", "file", "__import__", "getattr", "setattr", "delattr", "apply",
        "globals", "locals", "vars", "input", "raw_input", "breakpoint", "map", "filter", "reload", "help",
    ]

    /// What a program that loads the pickle would do, once for each harmful name in it.
    static func warnings(in program: PickleProgram) -> [String] {
        var seen: Set<String> = []
        var warnings: [String] = []
        for name in program.globalNames() where isHarmful(name) && seen.insert(name).inserted {
            warnings.append("a program that loads this pickle would use \(name)")
        }
        return warnings
    }

    static func isHarmful(_ name: String) -> Bool {
        for builtIn in ["builtins.", "__builtin__."] where name.hasPrefix(builtIn) {
            return builtIns.contains(name.dropFirst(builtIn.count))
        }
        return prefixes.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
}

extension PickleProgram {
    /// The names of all classes and functions in the program, thrown away ones included.
    fileprivate func globalNames() -> [String] {
        var names: [String] = []
        for (index, node) in nodes.enumerated() where node.shape == .global || node.shape == .oldInstance {
            if let name = node.shape == .global ? name(of: .node(index)) : object(of: node)?.className {
                names.append(name)
            }
        }
        var offset = 0
        while let (opcode, end) = PickleOpcode.read(payload, at: offset), opcode != .stop {
            if opcode == .global, let name = name(of: .leaf(offset)) { names.append(name) }
            offset = end
        }
        return names
    }
}
