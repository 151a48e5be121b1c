internal import SessionCore

/// Reads the settings of a configured profile one by one; what cannot be used is named with what to do about it.
struct PatternCheck {
    let settings: PatternSettings

    func failure(_ setting: String, _ problem: String, _ remedy: String) -> PatternProfileError {
        PatternProfileError(profile: settings.name, setting: setting, problem: problem, remedy: remedy)
    }

    func name(taken: [String]) throws(PatternProfileError) {
        let bytes = Array(settings.name.utf8)
        let isName = bytes.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        guard 2...32 ~= bytes.count, isName, bytes.first?.isLowercaseLetter == true else {
            throw failure(
                "name", "a profile is not called that",
                "take 2 to 32 lower-case letters, digits and dashes, a letter first")
        }
        guard !taken.contains(settings.name) else {
            throw failure("name", "another profile has this name", "choose another")
        }
    }

    func label() throws(PatternProfileError) -> String {
        guard let label = settings.label else {
            return settings.name.prefix(1).uppercased() + settings.name.dropFirst().prefix(1)
        }
        guard 2...3 ~= label.utf8.count, label.utf8.allSatisfy(\.isAlphanumeric) else {
            throw failure("label", "it does not fit a listing", "take two or three letters or digits")
        }
        return label
    }

    func expiry() throws(PatternProfileError) -> ExpiryRule {
        switch settings.expiry {
        case nil, "keep": return .keep
        case "renew": return .containerTimeout
        case let other?:
            throw failure(
                "expiry", "there is no rule \(other)", "take keep, or renew for the container's timeout")
        }
    }

    func formats(known: [any PayloadFormat]) throws(PatternProfileError) -> [any PayloadFormat] {
        var formats: [any PayloadFormat] = []
        for name in settings.formats {
            guard let format = known.first(where: { $0.name == name }) else {
                throw failure(
                    "formats", "there is no format \(name)",
                    "the formats are \(known.map(\.name).joined(separator: ", "))")
            }
            formats.append(format)
        }
        return formats
    }

    func flags() throws(PatternProfileError) -> UInt32 {
        guard let flags = UInt32(exactly: settings.flags) else {
            throw failure("flags", "\(settings.flags) is no client flags", "take a number from 0 to \(UInt32.max)")
        }
        return flags
    }

    func pattern(_ text: String, of setting: String) throws(PatternProfileError) -> KeyPattern {
        do throws(KeyPatternError) { return try KeyPattern(parsing: text) } catch {
            throw PatternProfileError(
                profile: settings.name, setting: setting, character: error.character, problem: error.problem,
                remedy: error.remedy)
        }
    }

    /// Each session must have a lock of its own, which is no session.
    func locks(of key: KeyPattern) throws(PatternProfileError) -> KeyPattern? {
        guard let text = settings.locks else { return nil }
        let locks = try pattern(text, of: "locks")
        if locks.has(.package) {
            throw failure("locks", "a lock is a session's, not a package's", "leave {package} out")
        }
        if locks.has(.container) != key.has(.container) {
            throw failure("locks", "not both it and the key name the container", "write {container} in both or neither")
        }
        if locks.digest != key.digest {
            throw failure("locks", "the id is not written as in the key", "write the same {id} in both")
        }
        guard locks.isTelling else {
            throw failure("locks", "anybody's key could be a lock", "write what tells a lock, such as {id}.lock")
        }
        // Any id will do, but it must have the form of the digest where keys have one.
        let id = key.digest.map { $0.digits(of: []) } ?? [UInt8(ascii: "i")]
        guard locks.owner(of: key.key(container: [UInt8(ascii: "c")], session: id, package: nil)[...]) == nil else {
            throw failure(
                "locks", "the key of a session would be taken for a lock", "write what tells a lock from a session")
        }
        return locks
    }
}
