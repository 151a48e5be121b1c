internal import OrderedCollections

extension UnitOfWork {
    /// Why a value cannot be set at a path, or removed there for nil; nil if it can.
    ///
    /// Says what the commit would say: whether the record can be edited inside, its format can hold the value, and the
    /// edited tree could be read again. Costs the size of the value, and of the sets it is in.
    public func refusal(of value: SessionValue?, at path: ValuePath, of id: RecordID) -> String? {
        guard let record = records[id] else { return nil }
        if let reason = record.readOnlyReason { return "the record cannot be edited inside: \(reason)" }
        if edit(of: id).payload != nil { return "the whole payload is replaced; undo that to edit inside it" }
        let root = record.node(edit(of: id))
        let payload = (record.stored ?? record.template)?.payload
        if let reason = record.format.refusal(of: value, at: path, in: root, payload: payload) { return reason }
        if let value, path.count + value.nestingDepth > Notation.maximumDepth {
            return "values would nest deeper than \(Notation.maximumDepth)"
        }
        let sets = path.indices.filter { root.node(at: path[..<$0])?.kind == .set }
        guard !sets.isEmpty else { return nil }
        var probe = self
        probe.set(value, at: path, of: id)
        for end in sets {
            guard case .set(let members) = probe.node(of: id)?.node(at: path[..<end])?.value else { continue }
            if Set(members).count < members.count { return "a set holds each value once" }
        }
        return nil
    }
}

extension EditedNode {
    /// The key that a key means in a map: text also finds the bytes of it, as pointers do, and where neither is there
    /// it takes the kind that the map's other keys have.
    func key(meaning key: SessionValue) -> SessionValue {
        guard case .string(let text) = key, child(.key(key)) == nil else { return key }
        let bytes = SessionValue.bytes(Array(text.utf8))
        if child(.key(bytes)) != nil { return bytes }
        if case .bytes = base?.map?.keys.first { return bytes }
        return key
    }
}
