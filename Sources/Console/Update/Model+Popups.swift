internal import CellGrid
internal import OrderedCollections
internal import SessionCommands
internal import SessionCore

extension Model {
    mutating func press(_ key: Key, in popup: Popup) -> [Effect] {
        switch popup {
        case .prompt(let prompt): return press(key, in: prompt)
        case .palette(let input, let history): return press(key, inPalette: input, history: history)
        case .help(let input, let cursor): return press(key, inHelp: input, cursor)
        case .rollback(let menu): return press(key, in: menu)
        case .merge(let cursor): return press(key, inMerge: cursor)
        case .unfinished(var text):
            switch key {
            case .enter:
                self.popup = nil
                return run("recover", .recover(nil))
            case .escape, .character("q"):
                self.popup = nil
                notice = Notice(weight: .done, text: "left as it is; drafts lists, recover takes up, forget N drops")
            default:
                scroll(&text, key)
                self.popup = .unfinished(text)
            }
        case .text where key == .character(" ") && tour != nil:
            self.popup = nil
            return act(.nextTourStep)
        case .text(var text):
            switch KeyTable.binding(of: key, in: .value)?.action {
            case .back, .quit, .open, .log, .diff, .info: self.popup = nil
            default:
                scroll(&text, key)
                self.popup = .text(text)
            }
            if key == .enter { self.popup = nil }
        case .review(var text, let plan):
            if key == .character("y") {
                self.popup = nil
                // What is written is what was shown: an answer that came meanwhile may have changed the plan.
                guard (try? workspace.checkedPlan()) == plan else {
                    review()
                    notice = Notice(
                        weight: .warning, text: "what would be written changed meanwhile; look again, then y")
                    return []
                }
                return commit(plan)
            }
            if key == .character("w") {
                self.popup = .prompt(Prompt(.planFile, session: nil))
            } else if key == .escape || key == .character("q") {
                self.popup = nil
                notice = Notice(weight: .done, text: "nothing was written; everything is still staged")
            } else {
                scroll(&text, key)
                self.popup = .review(text, plan)
            }
        case .confirmQuit:
            self.popup = nil
            if key == .character("y") { return [.quit] }
        }
        return []
    }

    /// Commits what was reviewed, or asks for the name of a store that wants it: `y` alone is no answer there.
    mutating func commit(_ plan: Plan, given: Set<String> = []) -> [Effect] {
        let names = Set(workspace.namesToConfirm(for: plan)).subtracting(given)
        guard let mark = workspace.stores.values.compactMap(\.mark).first(where: { names.contains($0.name) }) else {
            var options = CommitOptions()
            options.confirmations = given
            return run((["commit"] + given.sorted().map { "--confirm \($0)" }).joined(separator: " "), .commit(options))
        }
        popup = .prompt(Prompt(.confirm(mark, plan, given: given), session: nil))
        return []
    }

    private mutating func press(_ key: Key, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        switch key {
        case .escape:
            popup = nil
            switch prompt.purpose {
            case .filter:
                prompt.input = TextInput()
                return changed(prompt)
            case .merge(let place): showMerge(at: place)
            default: break
            }
            return []
        case .enter: return answer(prompt)
        case .down, .up:
            if case .filter(let pane) = prompt.purpose { move(by: key == .down ? 1 : -1, in: pane) }
            return []
        default:
            guard prompt.input.handle(key) else { return [] }
            prompt.problem = nil
            popup = .prompt(prompt)
            return changed(prompt)
        }
    }

    private mutating func press(_ key: Key, inPalette input: TextInput, history: Int?) -> [Effect] {
        var input = input
        switch key {
        case .escape: popup = nil
        case .enter:
            popup = nil
            let line = input.text
            guard line.contains(where: { $0 != " " }) else { return [] }
            if paletteHistory.last != line { paletteHistory.append(line) }
            return run(line: line)
        case .tab:
            let matches = CommandSyntax.completions(of: input.text)
            guard let first = matches.first, !input.text.contains(" ") else { return [] }
            let common = matches.dropFirst().reduce(first.name) { $0.commonPrefix(with: $1.name) }
            input = TextInput(matches.count == 1 ? first.name + " " : common)
            popup = .palette(input, history: nil)
        case .up, .down:
            let position = (history ?? paletteHistory.count) + (key == .up ? -1 : 1)
            guard paletteHistory.indices.contains(position) else { return [] }
            popup = .palette(TextInput(paletteHistory[position]), history: position)
        default:
            if input.handle(key) { popup = .palette(input, history: nil) }
        }
        return []
    }

    /// The bindings that help lists for the focused pane.
    func helpBindings(matching text: String) -> [KeyBinding] {
        KeyTable.bindings.filter { binding in
            guard binding.works(in: focus) else { return false }
            return text.isEmpty || "\(binding.keyNames) \(binding.help)".lowercased().contains(text.lowercased())
        }
    }

    private mutating func press(_ key: Key, inHelp input: TextInput, _ cursor: ListCursor) -> [Effect] {
        var input = input
        var cursor = cursor
        let bindings = helpBindings(matching: input.text)
        switch key {
        case .escape: popup = nil
        case .enter:
            popup = nil
            guard bindings.indices.contains(cursor.selected) else { return [] }
            return act(bindings[cursor.selected].action)
        case .down, .up, .pageDown, .pageUp:
            let step = key == .down ? 1 : key == .up ? -1 : key == .pageDown ? 10 : -10
            cursor.move(by: step, of: bindings.count)
            popup = .help(input, cursor)
        default:
            if input.handle(key) { popup = .help(input, ListCursor()) }
        }
        return []
    }

    private mutating func press(_ key: Key, in menu: RollbackMenu) -> [Effect] {
        var menu = menu
        switch KeyTable.binding(of: key, in: .savepoints)?.action {
        case .down: menu.cursor.move(by: 1, of: menu.choices.count)
        case .up: menu.cursor.move(by: -1, of: menu.choices.count)
        case .first: menu.cursor.select(0, of: menu.choices.count)
        case .last: menu.cursor.select(menu.choices.count, of: menu.choices.count)
        case .rollback where key == .enter:
            popup = nil
            let choice = menu.choices[menu.cursor.selected]
            return run("rollback \(choice.title)", choice.command)
        case .back, .quit:
            popup = nil
            return []
        default: break
        }
        popup = .rollback(menu)
        return []
    }

    private func scroll(_ text: inout TextPopup, _ key: Key) {
        let page = max(1, size.rows - 6)
        let last = max(0, text.lines.count - 1)
        switch KeyTable.binding(of: key, in: .value)?.action {
        case .down: text.scroll += 1
        case .up: text.scroll -= 1
        case .pageDown: text.scroll += page
        case .pageUp: text.scroll -= page
        case .first: text.scroll = 0
        case .last: text.scroll = last
        default: break
        }
        text.scroll = max(0, min(text.scroll, last))
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
