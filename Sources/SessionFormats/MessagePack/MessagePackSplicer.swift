internal import OrderedCollections
internal import SessionCore

/// Edits MessagePack: copies what is untouched, and keeps the counts true.
struct MessagePackSplicer {
    private var reader: MessagePackReader
    private(set) var output: [UInt8] = []

    init(_ payload: [UInt8]) {
        reader = MessagePackReader(payload)
        output.reserveCapacity(payload.count + 64)
    }

    /// Writes the value where the reader stands, with an edit in it, and reads behind it.
    mutating func write(_ edit: Edit?, base: SessionValue?, depth: Int = 0) throws(FormatError) {
        let start = reader.offset
        switch (edit, base) {
        case (nil, _):
            _ = try reader.read(depth: depth)
            output += reader.payload[start..<reader.offset]
        case (.map(let entries), .map(let map)): try write(entries, map, depth: depth)
        case (.list(let list), .list(let values)): try write(list, values, depth: depth)
        case (let edit?, _):
            _ = try reader.read(depth: depth)
            output += try MessagePackEncoder.bytes(of: edit.value(over: base), depth: depth)
        }
    }

    private func mismatch() -> FormatError { reader.error("the edit was made over another payload") }

    private mutating func write(
        _ entries: OrderedDictionary<SessionValue, KeyEdit>, _ base: SessionMap, depth: Int
    ) throws(FormatError) {
        guard let header = try reader.header(ofMap: true) else { throw mismatch() }
        guard header.count == base.count else {
            throw reader.error("a key stands twice in the map, so it is only shown")
        }
        let added = entries.filter { base[$0.key] == nil && $0.value != .removed }
        let removed = entries.filter { base[$0.key] != nil && $0.value == .removed }
        writeHeader(header, count: base.count + added.count - removed.count, ofMap: true)
        for _ in 0..<header.count {
            let start = reader.offset
            let key = try reader.read(depth: depth + 1)
            if entries[key] == .removed {
                _ = try reader.read(depth: depth + 1)
                continue
            }
            output += reader.payload[start..<reader.offset]
            try write(entries[key]?.edit, base: base[key], depth: depth + 1)
        }
        for (key, entry) in added {
            guard let edit = entry.edit else { continue }
            output += try MessagePackEncoder.bytes(of: key, depth: depth + 1)
            output += try MessagePackEncoder.bytes(of: edit.value(over: nil), depth: depth + 1)
        }
    }

    private mutating func write(_ list: ListEdit, _ base: [SessionValue], depth: Int) throws(FormatError) {
        guard let header = try reader.header(ofMap: false), header.count == base.count else { throw mismatch() }
        let order = list.order ?? base.indices.map { .base($0) }
        writeHeader(header, count: order.count, ofMap: false)
        var read = 0
        for slot in order {
            switch slot {
            case .base(let number):
                guard number >= read, base.indices.contains(number) else { throw reader.error("elements were moved") }
                while read < number {
                    _ = try reader.read(depth: depth + 1)
                    read += 1
                }
                try write(list.edited[number], base: base[number], depth: depth + 1)
                read += 1
            case .added(let value): output += try MessagePackEncoder.bytes(of: value, depth: depth + 1)
            }
        }
        while read < base.count {
            _ = try reader.read(depth: depth + 1)
            read += 1
        }
    }

    private mutating func writeHeader(_ header: MessagePackReader.Header, count: Int, ofMap: Bool) {
        if count == header.count {
            output += reader.payload[header.range]
        } else {
            output += MessagePackEncoder.header(count: count, ofMap: ofMap, atLeast: header.range.count)
        }
    }
}
