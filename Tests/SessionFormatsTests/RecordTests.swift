import OrderedCollections
import SessionCore
import SessionFormats
import Testing

/// Records that real libraries stored in a real memcached; see Tests/Writers.
@Suite struct RecordTests {
    struct Record: Sendable, CustomStringConvertible {
        var writer: String
        var profile: String
        var key: RecordKey
        var flags: UInt32
        var payload: [UInt8]
        var session: SessionValue

        var description: String { writer }

        /// The record as a store gives it.
        var stored: StoredRecord {
            StoredRecord(key: key, payload: payload, flags: flags, expiry: .never, revision: Revision(1))
        }
    }

    private static let all: [Record] = {
        guard let text = try? Fixture(name: "records/records.tsv").bytes() else { return [] }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count == 6, let session = try? Notation.value(parsing: Array(columns[5].utf8)) else {
                return nil
            }
            return Record(
                writer: String(columns[0]), profile: String(columns[1]), key: RecordKey(String(columns[2])),
                flags: UInt32(columns[3]) ?? .max, payload: WrittenPayload.bytes(parsing: columns[4]), session: session)
        }
    }()

    private static let profiles: [any SessionProfile] = FrameworkProfiles.all + [PlainProfile()]

    private static func loaded(_ record: Record) throws -> LoadedRecord {
        let profile = try #require(profiles.first { $0.name == record.profile })
        return load(record, profile)
    }

    private static func load(_ record: Record, _ profile: some SessionProfile) -> LoadedRecord {
        LoadedRecord(
            id: RecordID(store: "test", key: record.key), stored: record.stored, profile: profile,
            fallback: HexFormat(),
            lifetime: nil)
    }

    @Test(arguments: all)
    func `a record is known by its key, and read as what its writer stored`(record: Record) throws {
        let owner = Self.profiles.first { $0.classify(record.key.bytes[...]) != .unclaimed }
        if record.profile == "other" {
            guard case .other(let what)? = owner?.classify(record.key.bytes[...]) else {
                Issue.record("a lock is taken for \(owner?.name ?? "nothing")")
                return
            }
            #expect(what == "lock")
            // What the extension writes is what is written here when its lock is taken.
            let lock = try #require(owner?.lockRecord)
            #expect(lock.payload(at: Timestamp(seconds: 0)) == record.payload && lock.flags == record.flags)
            #expect(lock.isHeld(record.payload))
            return
        }
        #expect(owner?.name == record.profile)
        let loaded = try Self.loaded(record)
        guard case .map(let found) = loaded.tree, case .map(let expected) = record.session else {
            Issue.record("\(loaded.format.name): \(loaded.tree)")
            return
        }
        // Frameworks keep keys of their own beside those of the application.
        for (key, value) in expected { #expect(found[key] == value, "\(loaded.format.name)") }
        #expect(loaded.readOnlyReason == nil && loaded.dangers.isEmpty)
        let profile = try #require(owner)
        if profile.name != "plain" { #expect(profile.meaning(ofFlags: record.flags) != nil) }
    }

    @Test(arguments: all.filter { $0.profile != "other" })
    func `an edit changes one key, and unwrapped nothing but its bytes`(record: Record) throws {
        let loaded = try Self.loaded(record)
        let path: ValuePath = [.key("cart"), .index(0), .key("count")]
        let root = EditedNode(base: loaded.tree, edit: nil)
        #expect(loaded.format.refusal(of: 5, at: path, in: root, payload: record.payload) == nil)
        let edit = try #require(Edit.setting(5, at: path[...], base: loaded.tree, edit: nil))
        let spliced = try loaded.format.splice(edit, into: record.payload, tree: loaded.tree)
        #expect(try loaded.format.decode(spliced) == edit.value(over: loaded.tree))
        let before = try loaded.format.unwrapped(record.payload)
        let after = try loaded.format.unwrapped(spliced)
        #expect(before.count == after.count)
        #expect(zip(before, after).count { $0 != $1 } == 1)
    }

    @Test func `there are records of every kind of writer`() {
        #expect(
            Set(Self.all.map(\.profile)).isSuperset(of: [
                "django", "flask", "beaker", "php-memcached", "symfony", "plain",
            ]))
        #expect(Self.all.count >= 19)
    }
}
