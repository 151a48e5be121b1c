internal import OrderedCollections
internal import RandomValues
internal import SessionCore

extension RandomSource {
    /// A random sequence over two containers of different kinds.
    mutating func sequence(length: Int, movesTime: Bool) -> ModelSequence {
        let kinds = ModelContainer.Kind.allCases.shuffled(using: &self).prefix(2)
        let timings: [(Int64, Int64)] =
            movesTime
            ? [(60, 20), (100, 0), (0, 10), (30, 29), (45, 60)] : [(3600, 300), (0, 300), (7200, 600), (1800, 3600)]
        let containers = kinds.enumerated().map { number, kind in
            let timing = pick(timings, or: (60, 20))
            return ModelContainer(
                name: number == 0 ? "one" : "two", kind: kind, timeout: timing.0, resolution: timing.1)
        }
        var writer = SequenceWriter(containers: containers, movesTime: movesTime, random: self)
        let operations = (0..<length).map { _ in writer.next() }
        self = writer.random
        return ModelSequence(containers: containers, operations: operations)
    }
}

/// Writes down operations one by one, with an eye on what is probably open.
private struct SequenceWriter {
    let containers: [ModelContainer]
    let movesTime: Bool
    var random: RandomSource
    /// Sessions that were probably looked up in the present transaction.
    private var open: [ModelSessionName] = []
    /// The containers of the sessions that were probably made in it.
    private var made: [Int] = []
    private var savepoints = 0
    private var hasEnded = false

    init(containers: [ModelContainer], movesTime: Bool, random: RandomSource) {
        self.containers = containers
        self.movesTime = movesTime
        self.random = random
    }

    mutating func next() -> ModelOperation {
        if hasEnded, !random.chance(4) { return begin() }
        if open.isEmpty, random.chance(2) { return lookUp() }
        switch random.number(0...99) {
        case 0..<14: return lookUp()
        case 14..<17: return create()
        case 17..<63: return use()
        case 63..<70:
            savepoints += 1
            return .savepoint
        case 70..<78 where savepoints > 0: return .rollback(random.number(0...(savepoints - 1)))
        case 78..<85:
            hasEnded = true
            return .commit(random.chance(2) ? .refuse : .merge)
        case 85..<87:
            hasEnded = true
            return .abort
        case 87..<91 where movesTime:
            return .advance(milliseconds: random.pick([1, 700, 5_000, 21_000, 44_000, 61_000, 130_000], or: 1))
        default: return otherWriter()
        }
    }

    private mutating func begin() -> ModelOperation {
        (open, made, savepoints, hasEnded) = ([], [], 0, false)
        return .begin
    }

    /// An id, the first one most often; at times one that a session got when it first held something.
    private mutating func id() -> Int { random.pick([0, 0, 0, 0, 1, 1, 2, 3, 4, 5], or: 0) }

    private mutating func packages() -> [String] {
        let packages = ModelAlphabet.packages.filter { _ in !random.chance(3) }
        return packages.isEmpty ? [ModelAlphabet.packages[0]] : packages
    }

    private mutating func lookUp() -> ModelOperation {
        let (container, id, packages) = (random.number(0...1), id(), packages())
        open.append(.id(container: container, id))
        switch random.number(0...19) {
        case 0: return .openAll(container: container, packages: packages)
        case 1...4: return .openIfThere(container: container, id, packages: packages)
        case 5...8:
            made.append(container)
            return .load(container: container, id, packages: packages)
        default: return .open(container: container, id, packages: packages)
        }
    }

    private mutating func create() -> ModelOperation {
        open.append(.made(made.count))
        made.append(random.number(0...1))
        return .create(container: made[made.count - 1])
    }

    private mutating func use() -> ModelOperation {
        let name = random.pick(open, or: .id(container: 0, 0))
        let container = container(of: name)
        switch random.number(0...49) {
        case 0..<14: return .set(name, tokens(container), value())
        case 14..<24: return .update(name, (0..<random.number(1...3)).map { _ in change() })
        case 24..<29: return .remove(name, tokens(container, shortest: container.isSplit ? 2 : 1))
        case 29..<34: return .setBack(name, tokens(container, shortest: container.isSplit ? 2 : 1))
        case 34..<35: return .setBack(name, container.isSplit ? tokens(container, shortest: 2) : [])
        case 35..<37: return .clear(name)
        case 37..<39: return .destroy(name)
        case 39..<42: return .revert(name)
        case 42..<45: return .store(name)
        default: return .read(name, reading(container))
        }
    }

    private func container(of name: ModelSessionName) -> ModelContainer {
        switch name {
        case .id(let container, _): containers[container]
        case .made(let number): containers[made[number]]
        }
    }

    private mutating func value() -> SessionValue { random.pick(ModelAlphabet.values, or: .null) }
    private mutating func package() -> String { random.pick(ModelAlphabet.packages, or: "") }
    private mutating func key() -> String { random.pick(ModelAlphabet.keys + ["k", "k"], or: "") }

    /// The tokens of a pointer: mostly to a key, at times to a package, or into a value.
    private mutating func tokens(_ container: ModelContainer, shortest: Int = 1) -> [String] {
        var tokens = container.kind == .flat ? [key()] : [package()]
        if container.kind != .flat, shortest > 1 || !random.chance(6) { tokens.append(key()) }
        while tokens.count > 1 || container.kind == .flat, random.chance(4) {
            tokens.append(random.pick(ModelAlphabet.inner, or: ""))
        }
        return tokens
    }

    private mutating func change() -> ModelChange {
        switch random.number(0...9) {
        case 0..<6: .set(package: package(), key: key(), value())
        case 6: .remove(package: package(), key: key())
        case 7: .removePackage(package())
        case 8: .empty(package())
        default: random.chance(2) ? .clear : .remove(package: package(), key: key())
        }
    }

    private mutating func reading(_ container: ModelContainer) -> ModelReading {
        switch random.number(0...5) {
        case 0, 1: .value(random.chance(5) ? [] : tokens(container))
        case 2: .contains(tokens(container))
        case 3: .key(package: package(), key: key())
        case 4: .count(package())
        default: .packages
        }
    }

    private mutating func otherWriter() -> ModelOperation {
        let number = random.number(0...1)
        let (container, id, part) = (containers[number], id(), containers[number].isSplit ? package() : "")
        // The record of a package begins with its keys.
        let tokens = Array(tokens(container, shortest: 2).dropFirst(container.isSplit ? 1 : 0))
        switch random.number(0...9) {
        case 0..<6:
            let life = random.pick([.usual, .usual, .usual, .short, .endless], or: OtherLife.usual)
            return .otherSet(container: number, id, part: part, tokens, value(), life)
        case 6, 7: return .otherRemove(container: number, id, part: part, tokens)
        default: return .otherDestroy(container: number, id, part: part)
        }
    }
}
