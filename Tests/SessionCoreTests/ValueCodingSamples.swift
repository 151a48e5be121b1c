import SessionCore

// Types that code themselves in all the ways there are.
extension ValueCodingTests {
    struct Item: Codable, Hashable {
        var name: String
        var price: Double
    }

    struct Noted: Codable, Hashable {
        var note: String?
    }

    enum Delivery: Codable, Hashable {
        case open
        case shipped(by: String, days: Int)
    }

    struct Cart: Codable, Hashable {
        var owner: String
        var note: String?
        var items: [Item]
        var state: Delivery
        var last: Delivery?
    }

    enum Suit: String, Codable, Hashable {
        case hearts
        case spades
    }

    /// Has a key with a number, as PHP arrays do.
    struct Numbered: Codable, Hashable {
        var first: String

        enum CodingKeys: Int, CodingKey {
            case first = 7
        }
    }

    class Animal: Codable, Equatable {
        var name: String

        init(name: String) { self.name = name }

        static func == (left: Animal, right: Animal) -> Bool { left.name == right.name }
    }

    /// Keeps its superclass apart, under two keys.
    final class Dog: Animal {
        var tricks: Int

        init(name: String, tricks: Int) {
            self.tricks = tricks
            super.init(name: name)
        }

        private enum Key: String, CodingKey {
            case tricks
            case kept
        }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            tricks = try container.decode(Int.self, forKey: .tricks)
            _ = try Animal(from: container.superDecoder(forKey: .kept))
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(tricks, forKey: .tricks)
            try super.encode(to: container.superEncoder())
            try super.encode(to: container.superEncoder(forKey: .kept))
        }

        static func == (left: Dog, right: Dog) -> Bool { left.name == right.name && left.tricks == right.tricks }
    }

    /// Writes into the container of its superclass.
    final class Cat: Animal {
        var lives: Int

        init(name: String, lives: Int) {
            self.lives = lives
            super.init(name: name)
        }

        private enum Key: String, CodingKey {
            case lives
        }

        required init(from decoder: any Decoder) throws {
            lives = try decoder.container(keyedBy: Key.self).decode(Int.self, forKey: .lives)
            try super.init(from: decoder)
        }

        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(lives, forKey: .lives)
        }

        static func == (left: Cat, right: Cat) -> Bool { left.name == right.name && left.lives == right.lives }
    }

    /// Is encoded by hand into nested containers.
    struct Nested: Codable, Hashable {
        var a: Int
        var b: Int
        var c: [Int]

        private enum Key: String, CodingKey {
            case outer
            case a
            case b
            case inner
            case again
        }

        init(a: Int, b: Int, c: [Int]) {
            self.a = a
            self.b = b
            self.c = c
        }

        init(from decoder: any Decoder) throws {
            let outer = try decoder.container(keyedBy: Key.self).nestedContainer(keyedBy: Key.self, forKey: .outer)
            a = try outer.decode(Int.self, forKey: .a)
            var inner = try outer.nestedUnkeyedContainer(forKey: .inner)
            b = try inner.nestedContainer(keyedBy: Key.self).decode(Int.self, forKey: .b)
            var list = try inner.nestedUnkeyedContainer()
            c = []
            while !list.isAtEnd { c.append(try list.decode(Int.self)) }
            let wasNil = try inner.decodeNil()
            let last = try inner.superDecoder().singleValueContainer().decode(String.self)
            guard wasNil, last == "last", inner.isAtEnd, inner.count == 4 else { throw Odd(number: 0) }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            var outer = container.nestedContainer(keyedBy: Key.self, forKey: .outer)
            try outer.encode(a, forKey: .a)
            var inner = outer.nestedUnkeyedContainer(forKey: .inner)
            var first = inner.nestedContainer(keyedBy: Key.self)
            var list = inner.nestedUnkeyedContainer()
            try inner.encodeNil()
            let last = inner.superEncoder()
            // The later places first, and one container a second time.
            var single = last.singleValueContainer()
            try single.encode("last")
            for number in c { try list.encode(number) }
            try first.encode(b, forKey: .b)
            var again = container.nestedContainer(keyedBy: Key.self, forKey: .outer)
            try again.encode(true, forKey: .again)
        }
    }

    /// Hands its coder on to a session value.
    struct Forwarded: Codable, Hashable {
        var value: SessionValue

        init(_ value: SessionValue) { self.value = value }
        init(from decoder: any Decoder) throws { value = try SessionValue(from: decoder) }
        func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    }

    struct Wrapper: Codable, Hashable {
        var value: SessionValue
        var more: [SessionValue]
        var map: SessionMap
        var maybe: SessionValue?
        var forwarded: Forwarded
    }

    /// Reads two elements whatever there is.
    struct Pair: Decodable {
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            _ = try container.decode(Int.self)
            _ = try container.decode(Int.self)
        }
    }

    struct Odd: Error, CustomStringConvertible {
        var number: Int
        var description: String { "Odd(\(number), \u{1B})" }
    }

    /// Is encoded and decoded with an error of its own if odd.
    struct Even: Codable, Hashable {
        var number: Int

        init(_ number: Int) { self.number = number }

        init(from decoder: any Decoder) throws {
            number = try decoder.singleValueContainer().decode(Int.self)
            guard number.isMultiple(of: 2) else { throw Odd(number: number) }
        }

        func encode(to encoder: any Encoder) throws {
            guard number.isMultiple(of: 2) else { throw Odd(number: number) }
            var container = encoder.singleValueContainer()
            try container.encode(number)
        }
    }

    /// Throws an error that names a place of something else.
    struct Elsewhere: Decodable {
        init(from decoder: any Decoder) throws {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: [], debugDescription: "from another decoder"))
        }
    }

    /// Encodes more than one value where one goes.
    enum Greedy: Encodable {
        case twoValues
        case twoContainers

        private enum Key: CodingKey {}

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .twoValues:
                var container = encoder.singleValueContainer()
                try container.encode(1)
                try container.encode(2)
            case .twoContainers:
                var list = encoder.unkeyedContainer()
                try list.encode(1)
                _ = encoder.container(keyedBy: Key.self)
            }
        }
    }

    /// Tries one kind after the other.
    enum NumberOrText: Codable, Hashable {
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                self = .number(try container.decode(Int.self))
            } catch DecodingError.typeMismatch {
                self = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    /// Passes elements that are no numbers, which stay to be read after a failure.
    struct Lenient: Decodable, Hashable {
        var numbers: [Int]

        init(numbers: [Int]) { self.numbers = numbers }

        init(from decoder: any Decoder) throws {
            numbers = []
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd {
                if try container.decodeNil() { continue }
                if let number = try? container.decode(Int.self) {
                    numbers.append(number)
                } else {
                    _ = try container.decode(SessionValue.self)
                }
            }
        }
    }

    /// Nests as often as it is long.
    final class Chain: Codable, Equatable {
        var next: Chain?

        init(next: Chain?) { self.next = next }

        convenience init(length: Int) {
            self.init(next: (1..<length).reduce(nil) { chain, _ in Chain(next: chain) })
        }

        var value: SessionValue { next.map { ["next": $0.value] } ?? [:] }

        static func == (left: Chain, right: Chain) -> Bool { left.value == right.value }
    }

    /// Holds itself.
    final class Circle: Encodable {
        private enum Key: String, CodingKey {
            case next
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self, forKey: .next)
        }
    }

    /// Is encoded and decoded as itself.
    struct Endless: Codable {
        init() {}
        init(from decoder: any Decoder) throws { self = try decoder.singleValueContainer().decode(Endless.self) }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self)
        }
    }

    /// Opens nested containers in a loop.
    struct Deep: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            for _ in 0..<3_000 { container = container.nestedUnkeyedContainer() }
        }
    }
}
