internal import CellGrid
internal import SessionCore
internal import SessionFormats

@testable internal import MemcachedBackend

/// What is fuzzed, by name: every format, the parsers of what a server sends, and the sanitizer.
enum FuzzTargets {
    static let all: [String: @Sendable ([UInt8]) -> Void] = {
        var targets: [String: @Sendable ([UInt8]) -> Void] = [
            "reply": reply, "metadump": metadump, "sanitizer": sanitizer, "catalog": catalog,
            "php-compression": compression,
        ]
        for format in FormatCatalog.all {
            targets[format.name] = { decodeAndEdit($0, format) }
        }
        return targets
    }()

    /// A payload is a tree or an error; where it is a tree, an edit that is not refused gives the edited tree.
    private static func decodeAndEdit(_ payload: [UInt8], _ format: any PayloadFormat) {
        _ = format.recognises(payload, flags: 0)
        guard let content = try? format.read(payload) else { return }
        precondition(content.tree.nestingDepth <= 2 * Notation.maximumDepth, "nested too deep")
        guard content.readOnlyReason == nil else { return }
        let root = EditedNode(base: content.tree, edit: nil)
        let steps: [(value: SessionValue?, path: ValuePath)] =
            switch content.tree {
            case .map(let map):
                [
                    (1, [.key("fuzz")]), ("text", map.keys.first.map { [.key($0)] } ?? []),
                    (nil, map.keys.last.map { [.key($0)] } ?? []),
                ]
            case .list(let values):
                [(1, [.index(values.count)]), ("text", [.index(0)]), (nil, [.index(values.count - 1)])]
            default: []
            }
        for step in steps where !step.path.isEmpty {
            guard format.refusal(of: step.value, at: step.path, in: root, payload: payload) == nil,
                let edit = Edit.setting(step.value, at: step.path[...], base: content.tree, edit: nil)
            else { continue }
            // A long payload's edits are made on trial only at the plan, and may be refused there.
            guard let spliced = try? format.splice(edit, into: payload, tree: content.tree) else { continue }
            precondition((try? format.decode(spliced)) != nil, "what was spliced is not readable")
        }
    }

    private static func catalog(_ payload: [UInt8]) {
        let (format, content) = FormatCatalog.read(payload, flags: 0)
        _ = format.listing(of: (try? format.unwrapped(payload)) ?? payload, in: 0..<min(payload.count, 512))
        precondition(content.tree.nestingDepth <= 2 * Notation.maximumDepth, "nested too deep")
    }

    /// What is unwrapped can be wrapped again, and gives the same.
    private static func compression(_ payload: [UInt8]) {
        for wrapper in PHPCompressionWrapper.all {
            guard let content = try? wrapper.unwrap(payload),
                let again = try? wrapper.rewrap(content, like: payload)
            else { continue }
            precondition((try? wrapper.unwrap(again)) == content, "wrapped again it is something else")
        }
    }

    /// Pieces as a network cuts them give the same units as the whole.
    private static func reply(_ bytes: [UInt8]) {
        func units(_ pieces: [[UInt8]]) -> [ReplyUnit] {
            var parser = ReplyParser()
            var units: [ReplyUnit] = []
            for piece in pieces {
                parser.append(piece)
                do { while let unit = try parser.next() { units.append(unit) } } catch { return units }
            }
            return units
        }
        let middle = bytes.count / 2
        precondition(units([bytes]) == units([Array(bytes[..<middle]), Array(bytes[middle...])]), "pieces matter")
    }

    private static func metadump(_ bytes: [UInt8]) {
        var parser = MetadumpParser()
        _ = bytes.withUnsafeBytes { parser.read($0) }
        let batch = parser.take()
        precondition(batch.count <= bytes.count, "more keys than bytes")
    }

    /// What is shown can neither move the cursor nor change anything else of a terminal.
    private static func sanitizer(_ bytes: [UInt8]) {
        let shown = Sanitizer.display(String(decoding: bytes, as: UTF8.self))
        precondition(
            !shown.unicodeScalars.contains {
                $0.value < 0x20 || 0x7F...0x9F ~= $0.value || 0x202A...0x202E ~= $0.value
            },
            "a control character got through")
        precondition(Sanitizer.display(shown) == shown, "what is harmless is changed again")
    }
}
