import OrderedCollections
import RandomValues
import SessionCommands
import SessionCore
import SessionFormats
import Testing

@Suite struct TaggedJSONTests {
    @Test func `what JSON cannot say is tagged`() {
        let value: SessionValue = [
            "text": "a", "bytes": .bytes([0x61, 0xFF]), "pair": .tuple([1, 2]), "numbers": .map([1: "one"]),
            "none": .double(.infinity), "made": .object(className: "shop.Cart", state: .set([1])),
        ]
        #expect(
            TaggedJSON.text(of: value)
                == #"{"text": "a", "bytes": {"$bytes": "aÿ"}, "pair": {"$tuple": [1, 2]}, "numbers": {"$map": [[1, "one"]]}, "#
                + #""none": {"$float": "inf"}, "made": {"$class": "shop.Cart", "$state": {"$set": [1]}}}"#)
    }

    @Test(arguments: RandomSource.seeds(5))
    func `every value is JSON`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let text = TaggedJSON.text(of: [random.value(.everything)])
            #expect(throws: Never.self, "\(text)") { try JSONFormat().decode(Array(text.utf8)) }
        }
    }
}
