internal import OrderedCollections

extension Plan {
    /// The place and size of the value with most text, for a record that is too large.
    var largestChange: String? {
        steps.flatMap(\.changes).flatMap(\.leaves).map { ($0.pointer, Notation.text(of: $0.value).utf8.count) }
            .max { $0.1 < $1.1 }.map { "\($0.0), \($0.1) bytes as text," }
    }
}

extension UnitOfWork {
    /// The first places at which a record differs from what was loaded, for a record that cannot be written.
    func placesChanged(in id: RecordID) -> String {
        let changes = ValueChange.changes(of: edit(of: id).tree, base: records[id]?.tree)
        let places = changes.flatMap { $0.after == nil ? [$0.pointer] : $0.leaves.map(\.pointer) }
        let first = places.prefix(3).map(\.description).joined(separator: ", ")
        return places.count > 3 ? "\(first) and \(places.count - 3) more places" : first
    }
}

extension ValueChange {
    /// The values that are set by the change, those inside a map one by one.
    fileprivate var leaves: [(pointer: JSONPointer, value: SessionValue)] {
        guard let map = after?.map, !map.isEmpty else { return after.map { [(pointer, $0)] } ?? [] }
        return map.flatMap { ValueChange(path: path + [.key($0.key)], before: nil, after: $0.value).leaves }
    }
}
