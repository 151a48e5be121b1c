internal import SessionCommands
internal import SessionCore

extension Model {
    /// Starts to edit the selected value, in its line.
    mutating func edit() {
        guard let pointer = selectedPointer, let item = selectedKey, let node = item.node else {
            if let node = listedNode, node.childCount == nil, shownRecord?.readOnlyReason == nil {
                // The record is one value without keys, such as a text.
                let text = Notation.text(of: node.value)
                popup = .prompt(Prompt(.edit(keyPointer, node.kind), text: text, session: workspace.currentSession))
                return
            }
            notice = Notice(weight: .warning, text: "nothing to edit here; a adds a key")
            return
        }
        if let reason = shownRecord?.readOnlyReason {
            notice = Notice(weight: .warning, text: "read-only inside: \(reason)")
            return
        }
        guard !isMasked(item, pointer.tokens.last ?? "") else {
            notice = Notice(weight: .warning, text: "the value is masked; x reveals it, then e edits it")
            return
        }
        popup = .prompt(
            Prompt(
                .edit(pointer, node.kind), text: Notation.text(of: node.value), session: workspace.currentSession))
    }

    /// Asks for a key to add where the list stands, or for an element.
    mutating func add() {
        guard let node = listedNode else {
            notice = Notice(weight: .warning, text: "open a session first (Enter)")
            return
        }
        if let reason = shownRecord?.readOnlyReason {
            notice = Notice(weight: .warning, text: "read-only inside: \(reason)")
            return
        }
        popup =
            node.kind == .map
            ? .prompt(Prompt(.newKey(keyPointer), session: workspace.currentSession))
            : .prompt(Prompt(.newValue(keyPointer.appending("-")), session: workspace.currentSession))
    }

    /// Takes the answer of a prompt; an answer that is not understood leaves it open with the reason.
    mutating func answer(_ prompt: Prompt) -> [Effect] {
        let text = prompt.input.text
        popup = nil
        do throws(CommandFailure) {
            switch prompt.purpose {
            case .edit(let pointer, _), .newValue(let pointer):
                let place = pointer.tokens.isEmpty ? "\"\"" : pointer.text
                let effects = run("set \(place) \(text)", .set(pointer, try Command.value(text)))
                if case .newValue = prompt.purpose, notice?.weight == .done { selectLastKey(named: pointer) }
                return effects
            case .newKey(let parent):
                guard !text.isEmpty else { return [] }
                popup = .prompt(Prompt(.newValue(parent.appending(text)), session: prompt.session))
            case .savepoint:
                let name = text.split(whereSeparator: \.isWhitespace).joined(separator: "-")
                return run("savepoint \(name)", .savepoint(name: name.isEmpty ? nil : name))
            case .timeToLive: return run("ttl \(text)", .timeToLive(try Command.lifetime(text)))
            case .filter: break
            case .confirm(let mark, let plan, let given):
                guard text == mark.name else {
                    throw CommandFailure(.refused, "that is not \(mark.name); nothing was written")
                }
                guard (try? workspace.checkedPlan()) == plan else {
                    review()
                    notice = Notice(weight: .warning, text: "what would be written changed meanwhile; look again")
                    return []
                }
                return commit(plan, given: given.union([mark.name]))
            case .planFile:
                guard !text.isEmpty else {
                    throw CommandFailure(.usage, "a file has a name; Esc leaves the plan unwritten")
                }
                return run("commit --plan \(text)", .commit(CommitOptions(planFile: text)))
            case .merge(let place): return decide(place, .value(try Command.value(text)))
            }
        } catch {
            var prompt = prompt
            prompt.problem = error.message
            popup = .prompt(prompt)
        }
        return []
    }

    /// Puts the selection on a key that was just added; added keys stand behind the others.
    private mutating func selectLastKey(named pointer: JSONPointer) {
        let lines = keyLines
        let last = lines.count - 1
        guard keyList.positions == nil, last >= 0 else { return }
        let isNamed = (0...last).reversed().prefix(200).first { lines.token(at: $0) == pointer.tokens.last }
        keyList.cursor.select(isNamed ?? last, of: lines.count)
    }

    /// Follows a prompt whose text changed: a filter works while it is typed.
    mutating func changed(_ prompt: Prompt) -> [Effect] {
        guard case .filter(let pane) = prompt.purpose else { return [] }
        if pane == .sessions {
            return filterSessions(prompt.input.text)
        }
        keyList.filter = prompt.input.text
        relistKeys()
        return []
    }

    /// Opens the review of what a commit would write.
    mutating func review() {
        do throws(CommandFailure) {
            try workspace.checkCommittable()
            let plan = try workspace.checkedPlan()
            guard !plan.isEmpty else {
                notice = Notice(weight: .done, text: "nothing is staged; there is nothing to commit")
                return
            }
            let lines = workspace.planLines(plan, withBytes: true, now: now)
            popup = .review(TextPopup(title: "Review", lines: lines), plan)
        } catch {
            fail(error)
        }
    }

    /// Opens the menu of rollback targets.
    mutating func chooseRollback() {
        var choices: [RollbackMenu.Choice] = []
        for savepoint in workspace.work.savepoints.reversed() {
            choices.append(
                RollbackMenu.Choice(
                    title: "\(savepoint.number) \(savepoint.name)",
                    command: .rollback(.named(String(savepoint.number)), nil),
                    preview: workspace.changeLines(since: savepoint.staged)))
        }
        choices.append(
            RollbackMenu.Choice(
                title: "base", command: .rollback(.base, nil), preview: workspace.changeLines(since: .none)))
        if let pointer = selectedPointer, let item = selectedKey, item.letter != " " {
            choices.append(
                RollbackMenu.Choice(
                    title: "this key only: \(pointer)", command: .rollback(.base, pointer),
                    preview: ["\(item.letter) \(pointer) goes back to what was loaded"]))
            if let savepoint = workspace.work.savepoints.last {
                choices.append(
                    RollbackMenu.Choice(
                        title: "this key to \(savepoint.name): \(pointer)",
                        command: .rollback(.named(String(savepoint.number)), pointer),
                        preview: ["\(item.letter) \(pointer) goes back to what it was at \(savepoint.name)"]))
            }
        }
        if let session = workspace.session, session.parts.contains(where: { workspace.work.isDirty($0.record) }),
            workspace.work.edits.count > 1
        {
            choices.append(
                RollbackMenu.Choice(
                    title: "this session only: \(workspace.title(of: session))", command: .revert,
                    preview: ["what is staged in it is dropped; other sessions and savepoints stay"]))
        }
        guard !workspace.work.isClean || !workspace.work.savepoints.isEmpty else {
            notice = Notice(weight: .done, text: "nothing is staged; there is nothing to roll back")
            return
        }
        var menu = RollbackMenu(choices: choices)
        if focus == .savepoints {
            // The pane lists base first, the menu last.
            let line = workspace.work.savepoints.count - savepointCursor.selected
            menu.cursor.select(line, of: choices.count)
        }
        popup = .rollback(menu)
    }
}
