import OrderedCollections
import SessionCore
import SessionFormats

/// Reading a session of Python's pickles, and changing one key in it, beside CPython's unpickler and pickler in C.
enum PickleComparison {
    /// How often each line of work is done, so that asking the other process for it does not count.
    private static let repeats = 100

    private static let program = """
        import binascii, pickle, sys
        items = [{"sku": "SKU-%d" % n, "title": "Article number %d, gr\\u00f6\\u00dfe 42" % n, "price": 9.5 + n,
                  "count": n, "gift": n % 3 == 0} for n in range(COUNT)]
        payload = pickle.dumps({"user": "4711", "visits": 3, "items": items}, 5)
        print(binascii.hexlify(payload).decode(), flush=True)
        for line in sys.stdin:
            for time in range(int(line) * REPEATS):
                session = pickle.loads(payload)
                EDIT
            print(int(line), flush=True)
        """

    /// The comparisons, and the interpreters to stop behind them; none where no Python is installed.
    static func all() throws -> (comparisons: [Comparison], peers: [InterpreterPeer]) {
        var comparisons: [Comparison] = []
        var peers: [InterpreterPeer] = []
        for items in [10, 120] {
            for edits in [false, true] {
                let edit = edits ? "session['visits'] = time; pickle.dumps(session, 5)" : "pass"
                let text = program.replacing("COUNT", with: "\(items)").replacing("REPEATS", with: "\(repeats)")
                    .replacing("EDIT", with: edit)
                guard let peer = try InterpreterPeer("python3", ["-c", text]) else { return ([], []) }
                peers.append(peer)
                comparisons.append(
                    Comparison(
                        what:
                            "\(repeats) x pickle of \(peer.payload.count) bytes: \(edits ? "decode, edit, splice" : "decode")",
                        reference: "peer: CPython's \(edits ? "loads, assign, dumps" : "loads")",
                        ours: edits ? splicing(peer.payload) : decoding(peer.payload), theirs: Side { try peer.run($0) }
                    ))
            }
        }
        return (comparisons, peers)
    }

    private static func decoding(_ payload: [UInt8]) -> Side {
        let format = PickleFormat()
        return Side { times in
            var done = 0
            for _ in 0..<(times * repeats) where try format.decode(payload).kind == .map { done += 1 }
            return done / repeats
        }
    }

    private static func splicing(_ payload: [UInt8]) -> Side {
        let format = PickleFormat()
        let path: [ValueStep] = [.key("visits")]
        return Side { times in
            var done = 0
            for time in 0..<(times * repeats) {
                let tree = try format.decode(payload)
                guard let edit = Edit.setting(.integer(time % 200 + 4), at: path[...], base: tree, edit: nil) else {
                    continue
                }
                if try format.splice(edit, into: payload, tree: tree).count >= payload.count { done += 1 }
            }
            return done / repeats
        }
    }
}
