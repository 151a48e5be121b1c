internal import OrderedCollections

extension HeldSessions {
    /// The place of a package: its record, and the path inside that.
    ///
    /// nil is the one package of a flat session. The path need not exist.
    func place(
        ofPackage package: String?, in number: Int
    ) throws(SessionError) -> (record: RecordID, path: ValuePath) {
        let session = self[number]
        guard let package else {
            guard let part = session.parts.first, session.isOneRecord else {
                throw .refused(.root, "each package has a record of its own; name the package")
            }
            return (part.record, [])
        }
        guard let part = session.part(of: package) else { throw .packageNotLoaded(package) }
        guard part.package == nil else { return (part.record, []) }
        let root = work.node(of: part.record)
        return (part.record, [.key(root?.key(meaning: .string(package)) ?? .string(package))])
    }

    /// Whether a package would have a record of its own and has none, because its session was made here and nothing set in it.
    func isUnmade(_ package: String, in number: Int) -> Bool {
        self[number].isFresh && self[number].part(of: package) == nil
            && self[number].allowedPackages?.contains(package) != false
    }

    /// The record that a pointer of a session is about, and the pointer inside it.
    private func record(
        of pointer: JSONPointer, in number: Int
    ) throws(SessionError) -> (record: RecordID, pointer: JSONPointer) {
        let session = self[number]
        guard !session.isOneRecord else {
            guard let part = session.parts.first else { throw .place(.noKey(pointer)) }
            return (part.record, pointer)
        }
        guard let package = pointer.tokens.first else {
            throw .refused(.root, "each package has a record of its own; name the package")
        }
        guard let part = session.part(of: package) else {
            throw isUnmade(package, in: number) ? .place(.noKey(pointer)) : .packageNotLoaded(package)
        }
        return (part.record, JSONPointer(tokens: Array(pointer.tokens.dropFirst())))
    }

    /// The node at a pointer; an empty package where a session of packages has none of that name.
    func node(at pointer: JSONPointer, in number: Int) throws(SessionError) -> EditedNode {
        if pointer.tokens.count == 1, isUnmade(pointer.tokens[0], in: number) {
            return EditedNode(base: .emptyMap, edit: nil)
        }
        let place = try record(of: pointer, in: number)
        guard let root = work.node(of: place.record) else { throw .place(.noKey(pointer)) }
        do throws(PointerMismatch) {
            if let node = root.node(at: try root.path(to: place.pointer)) { return node }
            throw .noKey(pointer)
        } catch {
            guard case .noKey(let missing) = error, missing.tokens.count == 1, isOfPackages(place.record) else {
                throw .place(error)
            }
            // A package that holds nothing is looked up like any other, a key of it is missing like any other.
            guard place.pointer.tokens.count > 1 else { return EditedNode(base: .emptyMap, edit: nil) }
            throw .place(.noKey(JSONPointer(tokens: Array(pointer.tokens.prefix(2)))))
        }
    }

    /// Whether the top level of a record is packages: by its profile, and nothing but maps in it.
    private func isOfPackages(_ record: RecordID) -> Bool {
        guard work.records[record]?.holdsPackages == true, let value = work.node(of: record)?.value else {
            return false
        }
        return value.map?.values.allSatisfy { $0.kind == .map } ?? false
    }

    /// The path of a value that is there.
    func path(to pointer: JSONPointer, in number: Int) throws(SessionError) -> (record: RecordID, path: ValuePath) {
        let place = try record(of: pointer, in: number)
        guard let root = work.node(of: place.record) else { throw .place(.noKey(pointer)) }
        do throws(PointerMismatch) { return (place.record, try root.path(to: place.pointer)) } catch {
            throw .place(error)
        }
    }

    /// Where a value can be set, and what is to be set there: with its package, if that is missing.
    mutating func settable(
        _ value: SessionValue, at pointer: JSONPointer, in number: Int
    ) throws(SessionError) -> (record: RecordID, path: ValuePath, value: SessionValue) {
        if let package = pointer.tokens.first { try addFreshPackage(package, to: number) }
        let place = try record(of: pointer, in: number)
        guard let root = work.node(of: place.record) else { throw .place(.noKey(pointer)) }
        do throws(PointerMismatch) {
            return (place.record, try root.settablePath(to: place.pointer), value)
        } catch {
            let tokens = place.pointer.tokens
            guard tokens.count == 2, work.records[place.record]?.holdsPackages == true, root.kind == .map,
                root.child(.key(root.key(meaning: .string(tokens[0])))) == nil
            else { throw .place(error) }
            return (place.record, [.key(.string(tokens[0]))], [.string(tokens[1]): value])
        }
    }

    /// Removes a package of one of our own sessions that has become empty: it holds nothing, so it is not there.
    mutating func prunePackage(along path: ValuePath, of record: RecordID) {
        guard let first = path.first, let node = work.node(of: record)?.child(first), node.kind == .map,
            node.childCount == 0, isNoPackage(.emptyMap, at: [first], of: record)
        else { return }
        work.set(nil, at: [first], of: record)
    }

    /// Whether a value set at a path leaves a package of one of our own sessions with nothing in it, which is no package.
    ///
    /// One that the store has so is left as it is, so that it can be set back.
    func isNoPackage(_ value: SessionValue, at path: ValuePath, of record: RecordID) -> Bool {
        guard case .key(let package) = path.first, path.count == 1, value == .emptyMap,
            let loaded = work.records[record], loaded.holdsPackages, loaded.deletesWhenEmpty,
            loaded.tree.map?[package] != .emptyMap, let map = work.node(of: record)?.value.map
        else { return false }
        // With anything but maps beside it, it is a key of a flat session, and holds an empty map.
        return map.allSatisfy { $0.key == package || $0.value.kind == .map }
    }
}
