internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    /// Shows what is to be decided; asks the store first if nothing is.
    mutating func merge() -> [Effect] {
        guard workspace.mergePlaces.isEmpty else {
            showMerge()
            return []
        }
        return run("merge", .merge(nil))
    }

    /// Opens the merge screen at a place, or at the first that is not decided; closes it if there is nothing left.
    mutating func showMerge(at place: MergePlace? = nil) {
        let places = workspace.mergePlaces
        let position = places.firstIndex { place == nil ? $0.choice == nil : $0.title == place?.title }
        var cursor = ListCursor()
        cursor.select(position ?? 0, of: places.count)
        popup = places.isEmpty ? nil : .merge(cursor)
    }

    mutating func press(_ key: Key, inMerge cursor: ListCursor) -> [Effect] {
        let places = workspace.mergePlaces
        guard places.indices.contains(cursor.selected) else {
            popup = nil
            return []
        }
        var cursor = cursor
        let place = places[cursor.selected]
        switch key {
        case .character("o"): return decide(place, .mine)
        case .character("t"): return decide(place, .theirs)
        case .character("B"):
            if let both = place.both { return decide(place, .value(both)) }
            notice = Notice(
                weight: .warning, text: "both sides changed more than the end of a list; e edits the result")
        case .character("e") where place.isGone:
            notice = Notice(weight: .warning, text: "the record is gone; o makes it anew with your edits, t drops them")
        case .character("e") where place.isSecret:
            notice = Notice(
                weight: .warning,
                text: "the value is masked; o and t decide without showing it, :merge POINTER VALUE sets one")
        case .character("e"):
            let text = Notation.text(of: place.conflict.mine ?? place.conflict.theirs ?? .null)
            popup = .prompt(Prompt(.merge(place), text: text, session: place.session))
        case .character("]"): cursor.move(by: 1, of: places.count)
        case .character("["): cursor.move(by: -1, of: places.count)
        default:
            switch KeyTable.binding(of: key, in: .value)?.action {
            case .down: cursor.move(by: 1, of: places.count)
            case .up: cursor.move(by: -1, of: places.count)
            case .undo, .redo:
                let effects = key == .character("u") ? run("undo", .undo) : run("redo", .redo)
                showMerge(at: place)
                return effects
            case .refresh:
                popup = nil
                return run("merge", .merge(nil))
            case .back, .quit, .merge:
                popup = nil
                notice = Notice(weight: .done, text: "your edits are kept; m goes on with the merge")
                return []
            default: break
            }
        }
        if case .merge = popup { popup = .merge(cursor) }
        return []
    }

    /// Decides about a place, and goes on with the next.
    mutating func decide(_ place: MergePlace, _ choice: MergeChoice) -> [Effect] {
        // What was read anew meanwhile may be another question than the one that was answered.
        let isAsked = workspace.mergePlaces.contains { $0.record == place.record && $0.conflict == place.conflict }
        guard isAsked, (try? workspace.open(place.session, now: now)) != nil else {
            let effects = run("merge", .merge(nil))
            notice = Notice(weight: .warning, text: "the store changed again meanwhile; look at it once more")
            return effects
        }
        let pointer = place.pointer.tokens.isEmpty ? "\"\"" : place.pointer.text
        let words = if case .value(let value) = choice { place.text(value) } else { choice.words }
        let effects = run("merge \(pointer) \(words)", .merge(MergeDecision(pointer: place.pointer, choice: choice)))
        if notice?.weight == .failure {
            showMerge(at: place)
        } else {
            showMerge()
            if popup == nil {
                notice = Notice(
                    weight: .done, text: "all is decided, and staged over what the store holds; c reviews and commits")
            }
        }
        return effects
    }
}
