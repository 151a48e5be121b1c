public import CellGrid
internal import SessionCommands

/// A terminal without a screen: it types keys from a script, each when the program is idle, and keeps the last screen.
@MainActor
public final class HeadlessTerminal: Terminal, ScriptedTerminal {
    /// The present size.
    public private(set) var size: GridSize
    /// Nothing: the script is asked for by `nextEvent`.
    public let events: AsyncStream<InputEvent>
    /// What was drawn last.
    public private(set) var screen: Grid
    /// Texts that were put on the clipboard.
    public private(set) var clipboard: [String] = []
    private let stream: AsyncStream<InputEvent>.Continuation
    private var script: ArraySlice<InputEvent>

    /// A terminal of a size that types a script.
    public init(size: GridSize, script: [InputEvent]) {
        self.size = size
        self.script = script[...]
        self.screen = Grid(size: size)
        (events, stream) = AsyncStream.makeStream()
    }

    /// Keeps the screen.
    public func show(_ grid: Grid) { screen = grid }

    /// The next key of the script.
    public func nextEvent() -> InputEvent? {
        let next = script.popFirst()
        if case .resize(let size) = next { self.size = size }
        return next
    }

    /// There is nothing to repaint.
    public func repaint() {}
    /// A script is not suspended.
    public func suspend() {}
    /// There is no mouse.
    public func setMouse(enabled: Bool) {}
    /// Keeps the text.
    public func copyToClipboard(_ text: String) { clipboard.append(text) }
    /// Ends the stream of events.
    public func close() { stream.finish() }
}

/// A script of keys: one key name a line as help prints it, `type TEXT`, `paste TEXT`, or `resize WxH`; `#` lines are comments.
public enum KeyScript {
    /// Reads a script.
    public static func parse(_ text: String) throws(KeyScriptError) -> [InputEvent] {
        var events: [InputEvent] = []
        for (number, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine).enumerated() {
            let line = String(raw)
            if line.isEmpty || (line.hasPrefix("#") && line != "#") { continue }
            if line.hasPrefix("type ") {
                events += line.dropFirst(5).map { .key(.character($0)) }
            } else if line.hasPrefix("paste ") {
                events.append(.paste(String(line.dropFirst(6))))
            } else if line.hasPrefix("resize ") {
                guard let size = GridSize(parsing: String(line.dropFirst(7))) else {
                    throw KeyScriptError(line: number + 1, problem: "resize takes WxH, as in resize 80x24")
                }
                events.append(.resize(size))
            } else if let key = Key(name: line) {
                events.append(.key(key))
            } else {
                throw KeyScriptError(
                    line: number + 1,
                    problem:
                        "\(Sanitizer.display(line)) is no key; write Enter, Esc, Ctrl-R, j, type TEXT or resize WxH")
            }
        }
        return events
    }
}

/// Why a script of keys cannot be read.
public struct KeyScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var problem: String

    /// A sentence with the line.
    public var description: String { "line \(line): \(problem)" }
}
