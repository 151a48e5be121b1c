internal import ArgumentParser
internal import MemcachedBackend
internal import SessionClock
internal import SessionCommands
internal import SessionCore
internal import SessionHTTP

/// `tidemark id`: the ids that clients carry.
struct Identity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "id", abstract: "Make and check the ids that clients carry in cookies.",
        subcommands: [NewIdentity.self, CheckIdentity.self])
}

/// The kinds of id that can be made.
enum IdentityKind: String, ExpressibleByArgument, CaseIterable {
    case zope, p01, uuid, browser
}

/// Secrets that client ids are signed with.
enum SecretFile {
    /// The secrets of a file: a line each, the newest first; empty lines are none.
    static func secrets(_ path: String) throws(CommandFailure) -> [[UInt8]] {
        let lines = try InputFile.bytes(path).split(separator: UInt8(ascii: "\n")).map { line in
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
        let secrets = lines.filter { !$0.isEmpty }
        guard !secrets.isEmpty else {
            throw CommandFailure(
                .usage, "there is no secret in \(PrintableText.escaping(path)); write one a line, the newest first")
        }
        return secrets
    }

    /// What signs and checks with the secrets of a file.
    static func signer(
        _ path: String, issuing variant: ClientIDSigner.Variant = .zope
    ) throws(CommandFailure) -> ClientIDSigner {
        let secrets = try secrets(path)
        do throws(ClientIDSecretError) {
            return try ClientIDSigner(variant, secrets: secrets, accepting: ClientIDSigner.Variant.allCases)
        } catch { throw CommandFailure(.usage, error.description) }
    }
}

/// `tidemark id new`: an id that no client has.
struct NewIdentity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make an id that no client has.",
        discussion: """
            zope and p01 are signed and need the secret, which is the first line of the file; uuid and browser (Zope's) are not.
            """)

    @Option(help: "zope, p01, uuid or browser; by default zope with a secret, else uuid.") var kind: IdentityKind?
    @Option(name: .customLong("secret-file"), help: "The file with the secrets, one a line, the newest first.")
    var secretFile: String?

    func run() throws {
        switch kind ?? (secretFile == nil ? .uuid : .zope) {
        case .uuid: Output.data(RandomSessionIDs().makeID())
        case .browser: Output.data(RandomBrowserIDs(clock: SystemClock()).makeID())
        case .zope: Output.data(try signed(.zope))
        case .p01: Output.data(try signed(.p01))
        }
    }

    private func signed(_ variant: ClientIDSigner.Variant) throws -> String {
        guard let secretFile else {
            throw CommandFailure(
                .usage, "an id of \(variant.rawValue) is signed; give the application's secret with --secret-file FILE")
        }
        return SignedClientIDs(signer: try SecretFile.signer(secretFile, issuing: variant)).makeID()
    }
}

/// `tidemark id check`: what the ids in a cookie are, and whether they are genuine.
struct CheckIdentity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what the ids in a cookie are, and whether they are genuine.",
        discussion: """
            COOKIE is a value, name=value, or the whole Cookie field of a request in quotes; - reads it from standard input. \
            Ends with 0 if one of the ids is genuine, or well-formed where ids of its kind are not signed, else with 1.
            """)

    @Flag(help: "Print a line of JSON for each cookie.") var json = false
    @Option(name: .customLong("secret-file"), help: "The file with the secrets, one a line, the newest first.")
    var secretFile: String?
    // One, but client ids may begin with a dash, and only a list takes what looks like an option.
    @Argument(parsing: .allUnrecognized, help: "The cookie.") var cookie: [String]

    func validate() throws {
        if cookie.count > 1 {
            throw ValidationError("one COOKIE is checked at a time; put a whole Cookie field in quotes")
        }
    }

    func run() throws {
        let text =
            cookie == ["-"]
            ? String(decoding: try InputFile.bytes("-"), as: UTF8.self).trimmingLineEnds : cookie.joined()
        let signer = try secretFile.map { file throws(CommandFailure) in try SecretFile.signer(file) }
        let pairs = CookieText.pairs(of: text)
        let isAlone = pairs.allSatisfy { $0.value.allSatisfy { $0 == "=" } }
        let findings = (isAlone ? [CookieText.Pair(name: "", value: text)] : pairs).map { pair in
            (name: pair.name, finding: IdentityFinding(of: pair.value, signer: signer))
        }
        for (name, finding) in findings {
            if json {
                let name = Notation.text(of: .string(name))
                let words = Notation.text(of: .string(finding.words))
                Output.data(#"{"cookie": \#(name), "good": \#(finding.isGood), "finding": \#(words)}"#)
            } else {
                Output.data((name.isEmpty ? "" : PrintableText.escaping(name) + ": ") + finding.words)
            }
        }
        guard findings.contains(where: \.finding.isGood) else { throw ProgramEnd(.failed) }
    }
}

/// What a cookie's value is.
struct IdentityFinding: Hashable {
    var isGood: Bool
    var words: String

    init(of value: String, signer: ClientIDSigner?) {
        let value = String(decoding: PercentCoding.decoded(value.utf8), as: UTF8.self)
        if let id = BrowserID(value) {
            let made = id.moment.map { ", made \(HTTPDate.text(of: .at($0)))" } ?? ", though of no possible date"
            (isGood, words) = (true, "browser id of Zope\(made); unsigned, so anybody can write one")
        } else if RandomSessionIDs.hasForm(value.utf8) {
            (isGood, words) = (true, "random UUID; it counts while a session is stored under it")
        } else if value.utf8.count == ClientIDSigner.length {
            guard let signer else {
                (isGood, words) = (
                    false, "has the length of a client id of zope.session or p01.session; --secret-file checks it"
                )
                return
            }
            guard let finding = signer.check(value) else {
                (isGood, words) = (
                    false,
                    "forged or of another secret: has the length of a client id, and none of the secrets signed it"
                )
                return
            }
            (isGood, words) = (
                true,
                "genuine client id of \(finding.variant.rawValue).session, signed with secret \(finding.secret + 1)"
            )
        } else {
            let count = Quantities.count(value.utf8.count, "byte")
            (isGood, words) = (
                false,
                "no id of a kind known here: \(count), where client ids have \(ClientIDSigner.length), browser ids "
                    + "\(BrowserID.length) and UUIDs 36"
            )
        }
    }
}

extension String {
    /// Without line ends behind it, as a pipe adds them.
    fileprivate var trimmingLineEnds: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}
