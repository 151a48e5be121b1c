internal import Glibc
internal import SessionCommands
internal import SessionCore
internal import SessionFormats
internal import TOMLKit

/// What a config file says: stores by name, and the profiles of in-house applications.
///
/// `[store.NAME]` has `url` and may have `read_only`, `env`, `confirm` and `journal`; `[profile.NAME]` has `key` and `format`, and may have `flags`, `expiry`, `locks`
/// and `label` (`PatternSettings`). What is not known is an error, so that a slip of the pen is not taken for a setting.
struct Configuration: Sendable {
    /// A store that has a name.
    struct NamedStore: Hashable, Sendable {
        var url: String
        var isReadOnly: Bool
        var mark: StoreMark
    }

    /// The file that was read; nil where there is none.
    private(set) var file: String?
    private(set) var stores: [String: NamedStore] = [:]
    private(set) var profiles: [PatternProfile] = []

    /// The profiles of the program behind those of the file, whose patterns are surer than any framework's shape.
    var catalog: ProfileCatalog {
        ProfileCatalog(profiles + FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
    }

    /// Reads a file; without a name the user's own, `$XDG_CONFIG_HOME/tidemark/config.toml`, which need not be there.
    init(file given: String?) throws(CommandFailure) {
        guard let path = given ?? Self.usual, given != nil || access(path, F_OK) == 0 else { return }
        try read(InputFile.text(path), file: path)
    }

    private static var usual: String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let folder = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { $0 + "/.config" }
        return folder.map { $0 + "/tidemark/config.toml" }
    }

    private mutating func read(_ text: String, file: String) throws(CommandFailure) {
        self.file = file
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch let error as TOMLParseError {
            throw Self.failure(file, "line \(error.source.begin.line): \(error.description)")
        } catch { throw Self.failure(file, "\(error)") }
        for (section, value) in table {
            guard section == "store" || section == "profile", let entries = value.table else {
                throw Self.failure(file, "there is no section [\(section)]; a file has [store.NAME] and [profile.NAME]")
            }
            for (name, entry) in entries {
                guard let settings = entry.table else {
                    throw Self.failure(file, "\(section).\(name) is a table, written [\(section).\(name)]")
                }
                if section == "store" {
                    stores[name] = try Self.store(name, settings, file)
                } else {
                    profiles.append(try profile(name, settings, file))
                }
            }
        }
    }

    private static func failure(_ file: String, _ problem: String) -> CommandFailure {
        CommandFailure(.usage, "\(PrintableText.escaping(file)): \(PrintableText.escaping(problem))")
    }

    private static func check(
        _ settings: TOMLTable, _ known: [String], _ place: String, _ file: String
    ) throws(CommandFailure) {
        for key in settings.keys where !known.contains(key) {
            throw failure(file, "\(place) has no setting \(key); it has \(known.joined(separator: ", "))")
        }
    }

    private static func text(
        _ key: String, of settings: TOMLTable, _ place: String, _ file: String
    ) throws(CommandFailure) -> String? {
        guard let value = settings[key] else { return nil }
        guard let text = value.string else { throw failure(file, "\(place).\(key) is a text in quotes") }
        return text
    }

    private static func store(
        _ name: String, _ settings: TOMLTable, _ file: String
    ) throws(CommandFailure) -> NamedStore {
        let place = "store.\(name)"
        try check(settings, ["url", "read_only", "env", "confirm", "journal"], place, file)
        guard let url = try text("url", of: settings, place, file) else {
            throw failure(file, "\(place) has no url, such as \"memcached://127.0.0.1:11211\"")
        }
        do throws(CommandFailure) { _ = try StoreAddress(parsing: url) } catch {
            throw failure(file, "\(place).url: \(error.message)")
        }
        guard settings["read_only"] == nil || settings["read_only"]?.bool != nil else {
            throw failure(file, "\(place).read_only is true or false")
        }
        var mark = StoreMark(name: name, environment: try text("env", of: settings, place, file))
        if let word = try text("confirm", of: settings, place, file) {
            guard let confirmation = StoreMark.Confirmation(rawValue: word) else {
                let words = StoreMark.Confirmation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
                throw failure(file, "\(place).confirm is one of \(words)")
            }
            mark.confirmation = confirmation
        }
        if let word = try text("journal", of: settings, place, file) {
            guard let rule = StoreMark.JournalRule(rawValue: word) else {
                let words = StoreMark.JournalRule.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
                throw failure(file, "\(place).journal is one of \(words)")
            }
            mark.journal = rule
        }
        return NamedStore(url: url, isReadOnly: settings["read_only"]?.bool ?? false, mark: mark)
    }

    private func profile(_ name: String, _ settings: TOMLTable, _ file: String) throws(CommandFailure) -> PatternProfile
    {
        let place = "profile.\(name)"
        try Self.check(settings, ["key", "format", "flags", "expiry", "locks", "label"], place, file)
        guard let key = try Self.text("key", of: settings, place, file) else {
            throw Self.failure(file, "\(place) has no key, such as \"shop:{id}\"")
        }
        var formats: [String] = []
        switch settings["format"] {
        case let value? where value.string != nil: formats = [value.string ?? ""]
        case let value?:
            guard let list = value.array, list.allSatisfy({ $0.string != nil }) else {
                throw Self.failure(file, "\(place).format is a format's name, or several in brackets")
            }
            formats = list.compactMap(\.string)
        case nil: break
        }
        guard settings["flags"] == nil || settings["flags"]?.int != nil else {
            throw Self.failure(file, "\(place).flags is a whole number")
        }
        let pattern = PatternSettings(
            name: name, key: key, locks: try Self.text("locks", of: settings, place, file), formats: formats,
            flags: settings["flags"]?.int ?? 0, expiry: try Self.text("expiry", of: settings, place, file),
            label: try Self.text("label", of: settings, place, file))
        do throws(PatternProfileError) { return try PatternProfile(pattern) } catch {
            throw Self.failure(file, error.description)
        }
    }
}
