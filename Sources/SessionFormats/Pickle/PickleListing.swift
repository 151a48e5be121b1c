internal import SessionCore

/// The opcodes of a pickle as lines to read.
enum PickleListing {
    /// The longest argument that is printed whole, in characters.
    private static let longestArgument = 60

    /// The opcodes that touch a range, in order.
    static func items(of payload: [UInt8], in range: Range<Int>) -> [PayloadItem] {
        var items: [PayloadItem] = []
        var offset = 0
        while offset < range.upperBound, let (opcode, end) = PickleOpcode.read(payload, at: offset) {
            if end > range.lowerBound {
                items.append(PayloadItem(range: offset..<end, text: text(opcode, payload, offset..<end)))
            }
            if opcode == .stop { break }
            offset = end
        }
        return items
    }

    private static func text(_ opcode: PickleOpcode, _ payload: [UInt8], _ range: Range<Int>) -> String {
        guard let argument = argument(of: opcode, payload, range) else { return opcode.name }
        let isLong = argument.count > longestArgument
        return opcode.name + " " + (isLong ? argument.prefix(longestArgument) + "…" : argument)
    }

    private static func argument(of opcode: PickleOpcode, _ payload: [UInt8], _ range: Range<Int>) -> String? {
        let argument = range.lowerBound + 1
        switch opcode.argument {
        case .none: return nil
        case .fixed(let width) where opcode != .binFloat && opcode != .binInt:
            return String(payload.littleEndian(at: argument, width: width))
        case .lines where PickleLeaf.value(payload, at: range.lowerBound) == nil:
            let lines = payload[argument..<(range.upperBound - 1)].split(separator: UInt8(ascii: "\n"))
            return lines.map { PrintableText.escaping(String(decoding: $0, as: UTF8.self)) }.joined(separator: " ")
        default: return PickleLeaf.value(payload, at: range.lowerBound).map { Notation.text(of: $0) }
        }
    }
}
