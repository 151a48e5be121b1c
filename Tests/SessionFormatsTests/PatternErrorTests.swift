import SessionFormats
import Testing

@Suite struct PatternErrorTests {
    private func message(_ settings: PatternSettings) -> String? {
        do throws(PatternProfileError) {
            _ = try PatternProfile(settings)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("", "key: it does not say where the id stands; write {id} there, as in shop:{id}"),
        ("shop:", "key: it does not say where the id stands; write {id} there, as in shop:{id}"),
        (
            "shop:{id",
            "key, character 6: a brace stands alone; close the field with }, or write the brace twice to have it in keys"
        ),
        (
            "{id}}",
            "key, character 5: a brace stands alone; close the field with }, or write the brace twice to have it in keys"
        ),
        ("a{x}{id}", "key, character 2: there is no field {x}; the fields are {container}, {id} and {package}"),
        ("{id|sha1}", "key, character 1: there is no digest sha1; the digests are md5 and sha256"),
        ("{container|md5}:{id}", "key, character 1: only the id can be a digest; write {container}"),
        ("{id}:{id}", "key, character 6: {id} stands there twice; leave one out"),
        (
            "{container}{id}",
            "key, character 12: nothing tells where {container} ends and {id} begins; put a text between them, such as a colon"
        ),
        ("{id}:{package}:x", "key: a text stands behind the package, which may be left out; put {package} last"),
        ("{id}:{package}:{container}", "key, character 16: {container} stands behind the package; put {package} last"),
        ("s:{package}", "key, character 3: {package} stands before the id; put {package} last"),
        ("a b{id}", "key, character 2: keys hold no blanks and no control characters; leave it out"),
        ("a\n{id}", "key, character 2: keys hold no blanks and no control characters; leave it out"),
        (
            String(repeating: "x", count: 250) + "{id}",
            "key: its keys have more than the 250 bytes that memcached takes; shorten its texts"
        ),
    ])
    func `a pattern that cannot be used says what, where and what to do`(key: String, expected: String) {
        let settings = PatternSettings(name: "shop", key: key, formats: ["json"])
        #expect(message(settings) == "profile shop, " + expected)
    }

    @Test(arguments: [
        ("s:{id}", "s:{id}", "the key of a session would be taken for a lock; write what tells a lock from a session"),
        (
            "s:x:{id}", "s:{id}",
            "the key of a session would be taken for a lock; write what tells a lock from a session"
        ),
        (
            "s:{id|md5}", "s:{id|md5}",
            "the key of a session would be taken for a lock; write what tells a lock from a session"
        ),
        ("s:{id}", "{id}", "anybody's key could be a lock; write what tells a lock, such as {id}.lock"),
        (
            "s:{container}:{id}", "lock:{id}",
            "not both it and the key name the container; write {container} in both or neither"
        ),
        (
            "s:{id}", "lock:{container}:{id}",
            "not both it and the key name the container; write {container} in both or neither"
        ),
        ("s:{id|md5}", "lock:{id}", "the id is not written as in the key; write the same {id} in both"),
        ("s:{id}", "lock:{id}:{package}", "a lock is a session's, not a package's; leave {package} out"),
        ("s:{id}", "lock:", "it does not say where the id stands; write {id} there, as in shop:{id}"),
    ])
    func `locks that are no locks are refused`(key: String, locks: String, expected: String) {
        let settings = PatternSettings(name: "shop", key: key, locks: locks, formats: ["json"])
        #expect(message(settings) == "profile shop, locks: " + expected)
    }

    @Test func `each other setting is checked by name`() {
        func message(_ change: (inout PatternSettings) -> Void) -> String? {
            var settings = PatternSettings(name: "shop", key: "s:{id}", formats: ["json"])
            change(&settings)
            return self.message(settings)
        }
        #expect(message { _ in } == nil)
        for name in ["", "s", "Shop", "2shop", "my shop", "läden", String(repeating: "x", count: 33)] {
            #expect(message { $0.name = name }?.contains("name: a profile is not called that") == true, "\(name)")
        }
        for name in ["django", "plain", "tidemark"] {
            #expect(
                message { $0.name = name } == "profile \(name), name: another profile has this name; choose another")
        }
        #expect(message { $0.formats = [] } == "profile shop, formats: none is given; name one, such as json")
        #expect(
            message { $0.formats = ["json", "yaml"] }?.contains(
                "formats: there is no format yaml; the formats are json, ") == true)
        for flags in [-1, 4_294_967_296, Int.max] {
            #expect(message { $0.flags = flags }?.contains("flags: \(flags) is no client flags") == true)
        }
        #expect(message { $0.expiry = "never" }?.contains("expiry: there is no rule never; take keep") == true)
        for label in ["", "x", "abcd", "ä", "a b"] {
            #expect(message { $0.label = label }?.contains("label: it does not fit a listing") == true)
        }
    }

    @Test func `what a config file holds is printed without control characters`() {
        let settings = PatternSettings(name: "a\u{1B}[31m", key: "{id}", formats: [])
        #expect(message(settings)?.unicodeScalars.contains("\u{1B}") == false)
    }
}
