public import SessionCommands
public import SessionCore

extension Model {
    /// The place whose keys are listed.
    public var keyPointer: JSONPointer { JSONPointer(tokens: keyList.path.map(\.token)) }

    /// The node whose keys are listed; nil if no session is open or the place is gone.
    var listedNode: EditedNode? {
        guard let session = workspace.session else { return nil }
        return node(at: keyPointer, in: session)
    }

    func node(at pointer: JSONPointer, in session: OpenSession) -> EditedNode? {
        guard let place = workspace.place(of: pointer, in: session), let root = workspace.work.node(of: place.record)
        else { return nil }
        guard let path = try? root.path(to: place.pointer) else { return nil }
        return root.node(at: path)
    }

    /// The lines of the keys pane.
    var keyLines: KeyLines {
        let packages = keyList.path.isEmpty ? workspace.session?.parts.compactMap(\.package) ?? [] : []
        return KeyLines(
            listing: listedNode.map { Listing($0) }, packages: packages, positions: keyList.positions)
    }

    /// The selected key's value, changed or not; nil if there is none.
    public var selectedKey: ListedValue? { keyLines.value(at: keyList.cursor.selected) }

    /// The selected key's pointer in the session.
    public var selectedPointer: JSONPointer? {
        guard let token = keyLines.token(at: keyList.cursor.selected) else { return nil }
        return keyPointer.appending(token)
    }

    /// The record that the keys pane shows.
    var shownRecord: LoadedRecord? {
        guard let session = workspace.session, let place = workspace.place(of: keyPointer, in: session) else {
            return nil
        }
        return workspace.work.records[place.record]
    }

    /// Filters the listed keys anew.
    mutating func relistKeys() {
        guard !keyList.filter.isEmpty, let node = listedNode else {
            keyList.positions = nil
            keyList.cursor.select(keyList.cursor.selected, of: keyLines.count)
            return
        }
        let listing = Listing(node)
        let needle = Array(keyList.filter.utf8)
        keyList.positions = (0..<listing.count).filter { position in
            guard let token = listing[position]?.step.token else { return false }
            return KeyIndex.contains(Array(token.utf8)[...], needle)
        }
        keyList.cursor.select(keyList.cursor.selected, of: keyLines.count)
    }

    /// Shows the keys of a session from its top.
    mutating func showKeys() {
        keyList = KeyList()
        valueScroll = 0
    }

    /// Goes one step into the selected map or list; false if the value holds no others.
    mutating func descend() -> Bool {
        guard let token = keyLines.token(at: keyList.cursor.selected), let session = workspace.session,
            let node = node(at: keyPointer.appending(token), in: session), node.childCount != nil
        else { return false }
        keyList.path.append(KeyStep(token: token, line: keyList.cursor.selected))
        keyList.cursor = ListCursor()
        keyList.filter = ""
        keyList.positions = nil
        valueScroll = 0
        return true
    }

    /// Goes one step out; false at the top.
    mutating func ascend() -> Bool {
        guard let step = keyList.path.popLast() else { return false }
        keyList.filter = ""
        keyList.positions = nil
        keyList.cursor = ListCursor()
        keyList.cursor.select(step.line, of: keyLines.count)
        valueScroll = 0
        return true
    }

    /// Leaves places that are gone, and keeps the selection inside the list.
    mutating func settleKeys() {
        while listedNode == nil, workspace.session != nil, ascend() {}
        if keyList.positions != nil { relistKeys() }
        keyList.cursor.select(keyList.cursor.selected, of: keyLines.count)
    }
}

/// The lines of the keys pane: keys or elements, then packages with records of their own.
struct KeyLines {
    var listing: Listing?
    var packages: [String]
    var positions: [Int]?

    var count: Int { (positions?.count ?? listing?.count ?? 0) + packages.count }

    func value(at line: Int) -> ListedValue? {
        if let positions { return positions.indices.contains(line) ? listing?[positions[line]] : nil }
        return listing?[line]
    }

    func token(at line: Int) -> String? {
        if let value = value(at: line) { return value.step.token }
        let index = line - (positions?.count ?? listing?.count ?? 0)
        return packages.indices.contains(index) ? packages[index] : nil
    }
}
