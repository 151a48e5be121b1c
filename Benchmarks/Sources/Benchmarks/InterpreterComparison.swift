import OrderedCollections
import SessionCore
import SessionFormats

/// Reading a session in a language's own format, and changing one key in it, beside that language's own reader.
struct InterpreterComparison {
    /// The interpreter, and the option before its program.
    let command: [String]
    /// Prints one payload of COUNT items, and for each line with a number decodes it REPEATS times as often, and does EDIT.
    let program: String
    /// How the program changes the key `visits` to `time` and writes the session again.
    let edit: String
    let format: any PayloadFormat
    /// What the peer's reader and writer are called.
    let reader: String
    let writer: String

    /// How often each line of work is done, so that asking the other process for it does not count.
    private static let repeats = 100

    /// The comparisons, and the interpreters to stop behind them; none where the interpreter is not installed.
    func all() throws -> (comparisons: [Comparison], peers: [InterpreterPeer]) {
        var comparisons: [Comparison] = []
        var peers: [InterpreterPeer] = []
        for items in [10, 120] {
            for edits in [false, true] {
                let text = program.replacing("COUNT", with: "\(items)").replacing("REPEATS", with: "\(Self.repeats)")
                    .replacing("EDIT", with: edits ? edit : "")
                guard let peer = try InterpreterPeer(command[0], [command[1], text]) else { return ([], []) }
                peers.append(peer)
                let what = "\(format.name) of \(peer.payload.count) bytes: \(edits ? "decode, edit, splice" : "decode")"
                comparisons.append(
                    Comparison(
                        what: "\(Self.repeats) x \(what)",
                        reference: "peer: \(edits ? "\(reader), assign, \(writer)" : reader)",
                        ours: edits ? splicing(peer.payload) : decoding(peer.payload), theirs: Side { try peer.run($0) }
                    ))
            }
        }
        return (comparisons, peers)
    }

    private func decoding(_ payload: [UInt8]) -> Side {
        Side { times in
            var done = 0
            for _ in 0..<(times * Self.repeats) where try format.decode(payload).kind == .map { done += 1 }
            return done / Self.repeats
        }
    }

    private func splicing(_ payload: [UInt8]) -> Side {
        let path: [ValueStep] = [.key("visits")]
        return Side { times in
            var done = 0
            for time in 0..<(times * Self.repeats) {
                let tree = try format.decode(payload)
                guard let edit = Edit.setting(.integer(time % 200 + 4), at: path[...], base: tree, edit: nil) else {
                    continue
                }
                if try format.splice(edit, into: payload, tree: tree).count >= payload.count { done += 1 }
            }
            return done / Self.repeats
        }
    }
}

extension InterpreterComparison {
    /// CPython's unpickler and pickler in C.
    static let pickle = InterpreterComparison(
        command: ["python3", "-c"],
        program: """
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
            """,
        edit: "session['visits'] = time; pickle.dumps(session, 5)", format: PickleFormat(), reader: "CPython's loads",
        writer: "dumps")

    /// PHP's `unserialize` and `serialize`.
    static let php = InterpreterComparison(
        command: ["php", "-r"],
        program: """
            $items = [];
            for ($n = 0; $n < COUNT; $n++) {
                $items[] = ["sku" => "SKU-$n", "title" => "Article number $n, gr\\u{f6}\\u{df}e 42", "price" => 9.5 + $n,
                            "count" => $n, "gift" => $n % 3 == 0];
            }
            $payload = serialize(["user" => "4711", "visits" => 3, "items" => $items]);
            echo bin2hex($payload), "\\n";
            while (($line = fgets(STDIN)) !== false) {
                for ($time = 0; $time < (int)$line * REPEATS; $time++) {
                    $session = unserialize($payload);
                    EDIT
                }
                echo (int)$line, "\\n";
            }
            """,
        edit: "$session['visits'] = $time; serialize($session);", format: PHPSerializedFormat(),
        reader: "PHP's unserialize", writer: "serialize")
}
