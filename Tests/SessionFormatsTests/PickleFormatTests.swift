import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct PickleFormatTests {
    private let format = PickleFormat()

    @Test(arguments: ["python3.tsv", "python2.tsv"])
    func `what Python's picklers write is shown as what it is`(file: String) throws {
        let all = try WrittenPayload.all(in: "pickle/" + file)
        #expect(all.count > 100)
        for one in all {
            #expect(format.recognises(one.payload, flags: 1), "\(one)")
            #expect(try format.decode(one.payload) == one.expected, "\(one)")
        }
    }

    @Test func `sessions of lovely, p01 and mcdutils are the maps they hold`() throws {
        let lovely = try format.decode(try Fixture(name: "pickle/lovely-python2.bin").bytes())
        #expect(
            lovely == [
                .bytes(Array("myData".utf8)): [.bytes(Array("info".utf8)): .bytes(Array("stored in memcache".utf8))]
            ])
        let p01 = try format.decode(try Fixture(name: "pickle/p01-python3.bin").bytes())
        #expect(p01 == ["info": "stored in fake memcache"])
        let older = try format.decode(try Fixture(name: "pickle/p01-python2.bin").bytes())
        #expect(older.map?.count == 1)
        let mcdutils =
            "ccopy_reg\n__newobj__\np0\n(cProducts.mcdutils.mapping\nMemCacheMapping\np1\ntp2\nRp3\n(dp4\nVuser\np5\nVjdoe\np6\nsb."
        #expect(try format.decode(Array(mcdutils.utf8)) == ["user": "jdoe"])
    }

    @Test func `a container that comes again is a reference, also inside itself`() throws {
        // [[], the same list], then a list that holds itself.
        #expect(try format.decode(Array("](]q\u{01}h\u{01}e.".utf8)) == [[], .reference(1)])
        #expect(try format.decode(Array("]q\u{00}h\u{00}a.".utf8)) == [.reference(0)])
        // T = ([],); T[0].append(T): protocol 2 throws the outer tuple away and takes the memoized one.
        let recursive = Array("\u{5D}q\u{00}(h\u{00}tq\u{01}a0h\u{01}.".utf8)
        #expect(try format.decode(recursive) == .tuple([[.reference(1)]]))
    }

    @Test func `what would take over its loader is shown as data, and named`() throws {
        for (pickle, name) in [
            ("cos\nsystem\n(S'rm -rf /'\ntR.", "os.system"), ("(S'id'\nios\nsystem\n.", "os.system"),
            ("c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval"), ("(cposix\nsystem\nS'id'\no.", "posix.system"),
        ] {
            let read = try format.read(Array(pickle.utf8))
            #expect(read.dangers == ["a program that loads this pickle would use \(name)"])
            guard case .object(let className, _) = read.tree else {
                Issue.record("\(read.tree)")
                continue
            }
            #expect(className == (name.hasPrefix("__builtin__") ? "builtins.eval" : name))
        }
        for one in try WrittenPayload.all(in: "pickle/python3.tsv") {
            #expect(try format.read(one.payload).dangers.isEmpty, "\(one)")
        }
    }

    @Test(
        arguments: [
            "", ".", "(", "]", "(.", "]a.", "h\u{00}.", "0.", "q\u{00}.", "R.", "]N(e", "S'a\n.", "I1x\n.", "Fabc\n.",
            "L\n.",
            "c\n.", "(NNNd.", "}(Nu.", "V\\u12\n.", "X\u{7F}\u{7F}\u{7F}\u{7F}a.", "\u{7F}.", "N]q\u{00}]q\u{00}.",
        ])
    func `a broken pickle is an error that says where`(pickle: String) {
        let error = #expect(throws: FormatError.self) { try format.decode(Array(pickle.utf8)) }
        #expect(error?.offset != nil)
    }

    @Test func `lengths and memo numbers that are only claimed cost nothing`() {
        for claim: [UInt8] in [
            [0x80, 4, 0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x61, 0x2E],
            [0x80, 4, 0x42, 0xFF, 0xFF, 0xFF, 0x7F, 0x61, 0x2E], [0x5D, 0x6A, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E],
        ] {
            #expect(throws: FormatError.self) { try format.decode(claim) }
        }
        #expect(throws: Never.self) { try format.decode([0x5D, 0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E]) }
    }

    @Test func `values nest as deep as everywhere, and no deeper`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "]"), count: depth) + Array(repeating: UInt8(ascii: "a"), count: depth - 1)
                + [0x2E]
        }
        #expect(throws: Never.self) { try format.decode(nested(Notation.maximumDepth)) }
        #expect(throws: FormatError.self) { try format.decode(nested(Notation.maximumDepth + 1)) }
        #expect(throws: FormatError.self) { try format.decode(nested(1_000_000)) }
    }

    /// Each tuple holds the one before it twice: 2^60 values, were they copied.
    @Test func `shared values are not multiplied`() throws {
        var bomb: [UInt8] = [0x80, 4, 0x5D, 0x94]
        for number in 0..<60 { bomb += [0x68, UInt8(number), 0x86, 0x94] }
        let tree = try format.decode(bomb + [0x2E])
        #expect(tree.nestingDepth <= Notation.maximumDepth)
    }

    @Test(arguments: RandomSource.seeds(3))
    func `a changed pickle is a tree or a typed error`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let all = try (WrittenPayload.all(in: "pickle/python3.tsv") + WrittenPayload.all(in: "pickle/python2.tsv"))
            .filter {
                $0.payload.count < 2000
            }
        for _ in 0..<2000 {
            var payload = all[random.number(0...(all.count - 1))].payload
            for _ in 0..<random.number(1...4) {
                let place = random.number(0...(payload.count - 1))
                switch random.number(0...2) {
                case 0: payload[place] = UInt8(random.number(0...255))
                case 1: payload.insert(UInt8(random.number(0...255)), at: place)
                default: if payload.count > 1 { payload.remove(at: place) }
                }
            }
            guard let read = try? format.read(payload) else { continue }
            #expect(read.tree.nestingDepth <= 2 * Notation.maximumDepth)
        }
    }
}

@Suite struct SessionClassPickleTests {
    private static let profiles: [any SessionProfile] = [LovelyProfile(), P01Profile(), MCDUtilsProfile()]

    @Test(arguments: profiles.indices)
    func `a new session is one of the classes that its application reads`(which: Int) throws {
        let profile = Self.profiles[which]
        let format = profile.newRecord.format
        let tree: SessionValue = profile.layout == .packages ? ["myData": ["info": "text"]] : ["info": "text"]
        let payload = try format.encode(tree)
        #expect(try format.decode(payload) == tree)
        #expect(profile.claims(payload: payload, flags: profile.newRecord.flags) == true)
        #expect(try format.decode(format.encode(.emptyMap)) == .emptyMap)
    }

    @Test func `a new package of lovely_session is of its class, and nothing else goes there`() throws {
        let format = PickleFormat()
        let payload = try Fixture(name: "pickle/lovely-python2.bin").bytes()
        let tree = try format.decode(payload)
        let edit = try #require(Edit.setting(["a": 1], at: [.key("other")], base: tree, edit: nil))
        let spliced = try format.splice(edit, into: payload, tree: tree)
        #expect(
            spliced.escaped.components(of: "MemCachePkgData") == payload.escaped.components(of: "MemCachePkgData") + 1)
        #expect(try format.decode(spliced).map?["other"] == ["a": 1])
        let root = EditedNode(base: tree, edit: nil)
        #expect(format.refusal(of: 1, at: [.key("other")], in: root, payload: payload)?.contains("packages") == true)
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
