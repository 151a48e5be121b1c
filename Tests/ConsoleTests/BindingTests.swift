import CellGrid
import SessionCommands
import SessionCore
import Testing

@testable import Console

/// Every key in every state.
@Suite struct BindingTests {
    /// States that differ in what keys can do.
    private static func states() async throws -> [(name: String, model: Model)] {
        var states: [(String, Model)] = []
        states.append(("opening", try await Story(isHolding: true).model))
        states.append(("no sessions", try await Story(records: []).model))
        states.append(("tour", try await Story(tour: DemoContent.tour()).model))
        let listed = try await Story()
        states.append(("listed", listed.model))
        var open = listed
        try await open.run("open shop-carts:4711")
        states.append(("open", open.model))
        var dirty = open
        try await dirty.edit("step", to: "\"x\"")
        try await dirty.press("s", "Enter")
        states.append(("dirty", dirty.model))
        var committing = dirty
        committing.isHolding = true
        try await committing.press("c", "y")
        states.append(("committing", committing.model))
        var failed = dirty
        failed.store.state = .cutsAnswers
        try await failed.press("c", "y")
        states.append(("failed", failed.model))
        var readOnly = listed
        try await readOnly.run("open visit-counter")
        states.append(("bytes", readOnly.model))
        var filtered = listed
        try await filtered.press("/")
        await filtered.type("nobody")
        try await filtered.press("Enter")
        states.append(("nothing matches", filtered.model))
        return states
    }

    /// What may do nothing without a word: at the end of a list there is no further line.
    private static let moves: Set<Action> = [
        .down, .up, .pageDown, .pageUp, .first, .last, .left, .right, .nextTab, .previousTab, .zoomIn, .zoomOut, .back,
        .nextPane, .previousPane, .nextTourStep,
    ]

    private static func isMove(_ action: Action) -> Bool {
        if case .pane = action { true } else { moves.contains(action) }
    }

    @Test func `every binding does something or says why not`() async throws {
        var silent: [String] = []
        for (name, model) in try await Self.states() {
            for pane in Pane.allCases {
                for binding in KeyTable.bindings where binding.works(in: pane) && !Self.isMove(binding.action) {
                    for key in binding.keys {
                        var pressed = model
                        pressed.focus = pane
                        pressed.notice = nil
                        let before = pressed
                        let effects = pressed.update(.input(.key(key)), now: model.now)
                        if pressed == before, effects.isEmpty { silent.append("\(key.name) in \(pane) of \(name)") }
                    }
                }
            }
        }
        #expect(silent == [])
    }

    /// Whether somebody gets out who knows Esc and q, and answers the question with y.
    private static func canLeave(_ start: Model, after effects: [Effect]) -> Bool {
        var model = start
        var effects = effects
        for name in ["Esc", "Esc", "Esc", "q", "q", "q"] {
            guard let key = Key(name: model.popup == .confirmQuit ? "y" : name), !effects.contains(.quit) else { break }
            effects += model.update(.input(.key(key)), now: model.now)
        }
        if model.popup == .confirmQuit { effects += model.update(.input(.key(.character("y"))), now: model.now) }
        return effects.contains(.quit)
    }

    @Test(arguments: [GridSize.classic, .smallest, GridSize(columns: 40, rows: 10)])
    func `no key leads where Esc and q do not lead out`(size: GridSize) async throws {
        var traps: [String] = []
        for (name, model) in try await Self.states() {
            for pane in Pane.allCases {
                for key in Set(KeyTable.bindings.flatMap(\.keys)) {
                    var pressed = model
                    pressed.focus = pane
                    var effects = pressed.update(.input(.resize(size)), now: model.now)
                    effects += pressed.update(.input(.key(key)), now: model.now)
                    if !Self.canLeave(pressed, after: effects) { traps.append("\(key.name) in \(pane) of \(name)") }
                }
            }
        }
        #expect(traps == [])
    }

    @Test func `a question asked before the screen became too small can be answered or is gone`() async throws {
        for (name, model) in try await Self.states() {
            for key in ["?", ":", "c", "b", "s", "q", "D"] {
                guard let key = Key(name: key) else { continue }
                var small = model
                _ = small.update(.input(.key(key)), now: model.now)
                _ = small.update(.input(.resize(GridSize(columns: 40, rows: 10))), now: model.now)
                #expect(Self.canLeave(small, after: []), "\(key.name) in \(name)")
            }
        }
    }

    @Test func `no key is bound twice in a pane`() {
        for pane in Pane.allCases {
            var seen: [Key: KeyBinding] = [:]
            for binding in KeyTable.bindings where binding.works(in: pane) {
                for key in binding.keys {
                    let other = seen.updateValue(binding, forKey: key)
                    #expect(other == nil, "\(key.name) in \(pane): \(other?.help ?? "") and \(binding.help)")
                }
            }
        }
    }

    @Test func `no binding uses a key that terminals keep or send for another`() {
        let forbidden: [Key] = ["s", "q", "h", "m", "i", "[", " "].map { .control($0) }
        for binding in KeyTable.bindings {
            #expect(!binding.keys.contains { forbidden.contains($0) }, "\(binding.help)")
        }
    }

    @Test func `help lists every binding of its pane and runs the one chosen`() async throws {
        var story = try await Story()
        try await story.press("?")
        await story.type("zoom the pane")
        try await story.press("Enter")
        #expect(story.model.zoom == .half)
        #expect(story.model.popup == nil)
        for pane in Pane.allCases {
            var model = story.model
            model.focus = pane
            #expect(model.helpBindings(matching: "").count == KeyTable.bindings.count { $0.works(in: pane) })
        }
    }
}
