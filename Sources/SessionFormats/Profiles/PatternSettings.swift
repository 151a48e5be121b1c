internal import SessionCore

/// What a config file says of a profile, as it stands there: `[profile.NAME]`.
public struct PatternSettings: Hashable, Sendable {
    /// The profile's name: two or more lower-case letters, digits and dashes, beginning with a letter.
    public var name: String
    /// The pattern of keys, such as `shop:{container}:sess:{id}`.
    public var key: String
    /// The pattern of the keys that lock a session; nil without locks.
    public var locks: String?
    /// The names of formats that payloads may have, the likeliest first; a new record has the first.
    public var formats: [String]
    /// The client flags of a new record, from 0 to 4294967295.
    public var flags: Int
    /// `keep`, or `renew` for the container's timeout; nil for `keep`.
    public var expiry: String?
    /// Two or three letters for listings; nil for the first two of the name.
    public var label: String?

    /// The settings of a profile.
    public init(
        name: String, key: String, locks: String? = nil, formats: [String], flags: Int = 0, expiry: String? = nil,
        label: String? = nil
    ) {
        self.name = name
        self.key = key
        self.locks = locks
        self.formats = formats
        self.flags = flags
        self.expiry = expiry
        self.label = label
    }
}

/// Why a profile of a config file cannot be used.
public struct PatternProfileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The profile's name as given.
    public var profile: String
    /// Which setting it is: `name`, `key`, `locks`, `formats`, `flags`, `expiry` or `label`.
    public var setting: String
    /// The character of the setting's text where it goes wrong, from 1; nil if it is about all of it.
    public var character: Int?
    /// What is wrong.
    public var problem: String
    /// What to do about it.
    public var remedy: String

    /// An error of a setting.
    public init(profile: String, setting: String, character: Int? = nil, problem: String, remedy: String) {
        self.profile = profile
        self.setting = setting
        self.character = character
        self.problem = problem
        self.remedy = remedy
    }

    /// A sentence with profile, setting and character, printable whatever stands in the settings.
    public var description: String {
        PrintableText.escaping(
            "profile \(profile), \(setting)\(character.map { ", character \($0)" } ?? ""): \(problem); \(remedy)")
    }
}
