import Foundation
import OrderedCollections
import SessionCore
import SessionFormats

/// Reading a session of JSON, changing one key and writing it again.
enum JSONComparison {
    private static let bytes = 10_000

    static func all() throws -> [Comparison] {
        let payload = try payload()
        return [
            Comparison(
                what: "JSON of \(payload.count) bytes: decode, edit, splice",
                reference: "peer: JSONSerialization both ways", ours: ours(payload), theirs: foundation(payload))
        ]
    }

    /// A cart of items, as many as fit.
    private static func payload() throws -> [UInt8] {
        let format = JSONFormat()
        var items: [SessionValue] = []
        var payload: [UInt8] = []
        while payload.count < bytes {
            let number = items.count
            items.append([
                "sku": .string("SKU-\(10_000 + number)"), "title": .string("Article number \(number) – größe 42"),
                "price": .double(9.5 + Double(number)), "count": .integer(number), "gift": .bool(number % 3 == 0),
            ])
            payload = try format.encode(["user": "4711", "visits": 3, "items": .list(items)])
        }
        return payload
    }

    private static func ours(_ payload: [UInt8]) -> Side {
        let format = JSONFormat()
        let path: [ValueStep] = [.key("visits")]
        return Side { times in
            var done = 0
            for time in 0..<times {
                let tree = try format.decode(payload)
                guard let edit = Edit.setting(.integer(time + 10), at: path[...], base: tree, edit: nil) else {
                    continue
                }
                if try format.splice(edit, into: payload, tree: tree).count > payload.count { done += 1 }
            }
            return done
        }
    }

    private static func foundation(_ payload: [UInt8]) -> Side {
        let data = Data(payload)
        return Side { times in
            var done = 0
            for time in 0..<times {
                guard var map = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { continue }
                map["visits"] = time + 10
                if try !JSONSerialization.data(withJSONObject: map).isEmpty { done += 1 }
            }
            return done
        }
    }
}
