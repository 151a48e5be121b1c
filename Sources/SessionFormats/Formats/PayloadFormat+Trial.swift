internal import OrderedCollections
internal import SessionCore

/// The longest payload, in bytes, in which each edit is made on trial at once; in longer ones only the value is looked at,
/// and what is left is refused by the plan of the commit.
let longestTrialPayload = 1 << 16

extension PayloadFormat {
    /// Why an edit cannot be made, found by making it; for formats in which the rest of the payload decides too.
    ///
    /// Costs reading and writing the payload where it is short or the path leads into an instance, else the value's size.
    func refusalByTrial(of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?) -> String?
    {
        guard let payload, let base = root.base, payload.count <= longestTrialPayload || path.contains(.state) else {
            if case .key(let key) = path.last, let reason = refusal(of: .map([key: value ?? .null])) { return reason }
            return value.flatMap { refusal(of: $0) }
        }
        guard let edit = Edit.setting(value, at: path[...], base: base, edit: root.edit) else { return nil }
        do throws(FormatError) {
            _ = try splice(edit, into: payload, tree: base)
            return nil
        } catch { return error.problem }
    }
}
