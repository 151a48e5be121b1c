internal import OrderedCollections
internal import RandomValues
internal import SessionCore

extension RandomSource {
    /// Two containers of different kinds.
    mutating func containers(movesTime: Bool) -> [ModelContainer] {
        let timings: [(Int64, Int64)] =
            movesTime
            ? [(60, 20), (100, 0), (0, 10), (30, 29), (45, 60)] : [(3600, 300), (0, 300), (7200, 600), (1800, 3600)]
        let kinds = ModelContainer.Kind.allCases.shuffled(using: &self)
        return zip(["one", "two"], kinds).map { name, kind in
            let timing = pick(timings, or: (60, 20))
            return ModelContainer(name: name, kind: kind, timeout: timing.0, resolution: timing.1)
        }
    }

    /// What to do next in a world, so that most of it can be done, and some of it cannot.
    mutating func operation(in world: ModelWorld, movesTime: Bool) -> ModelOperation {
        if world.transaction.end != nil, !chance(5) { return .begin }
        if world.transaction.sessions.isEmpty, !chance(4) { return lookUp(world) }
        switch number(0...99) {
        case 0..<11: return lookUp(world)
        case 11..<13: return .create(container: container())
        case 13..<60: return use(world)
        case 60..<67: return .savepoint
        case 67..<75: return .rollback(number(0...max(0, world.transaction.savepoints.count - 1)))
        case 75..<83: return .commit(chance(3) ? .refuse : .merge)
        case 83..<85: return .abort
        case 85..<89 where movesTime:
            return .advance(milliseconds: pick([1, 700, 5_000, 21_000, 44_000, 61_000, 130_000], or: 1))
        default: return otherWriter(world)
        }
    }

    private mutating func container() -> Int { pick([0, 0, 0, 1], or: 0) }
    private mutating func package() -> String { pick(["p", "p"] + ModelAlphabet.packages, or: "") }
    private mutating func key() -> String { pick(["k", "k"] + ModelAlphabet.keys, or: "") }
    private mutating func value() -> SessionValue { pick(ModelAlphabet.values, or: .null) }

    /// An id, the first one most often; at times one that a session got when it first held something.
    private mutating func id(in container: Int, _ world: ModelWorld) -> Int {
        let published = world.published[container].count
        if published > 0, chance(4) { return ModelAlphabet.ids.count + number(0...(published - 1)) }
        return pick([0, 0, 0, 0, 1, 1, 2, 3], or: 0)
    }

    private mutating func packages() -> [String] {
        let packages = ModelAlphabet.packages.filter { _ in !chance(3) }
        return packages.isEmpty ? ["p"] : packages
    }

    private mutating func lookUp(_ world: ModelWorld) -> ModelOperation {
        let container = container()
        let (id, packages) = (id(in: container, world), packages())
        switch number(0...19) {
        case 0: return .openAll(container: container, packages: packages)
        case 1...3: return .openIfThere(container: container, id, packages: packages)
        case 4...6: return .load(container: container, id, packages: packages)
        case 7: return .invalidate(container: container, id, packages: packages)
        default: return .open(container: container, id, packages: packages)
        }
    }

    private mutating func use(_ world: ModelWorld) -> ModelOperation {
        guard let session = world.transaction.sessions.indices.randomElement(using: &self),
            let name = world.name(of: session)
        else { return lookUp(world) }
        let held = world.transaction.sessions[session]
        let isSplit = world.containers[held.container].isSplit
        switch number(0...52) {
        case 0..<14: return .set(name, tokens(held, world), value())
        case 14..<24: return .update(name, (0..<number(1...3)).map { _ in change() })
        case 24..<28: return .remove(name, tokens(held, world, shortest: isSplit ? 2 : 1))
        case 28..<34: return .setBack(name, tokens(held, world, shortest: isSplit ? 2 : 1))
        case 34 where !isSplit: return .setBack(name, [])
        case 35..<37: return .clear(name)
        case 37..<39: return .destroy(name)
        case 39..<42: return .revert(name)
        case 42..<45: return .store(name)
        case 45: return .move(name, to: id(in: held.container, world))
        case 46: return .regenerate(name)
        default: return .read(name, reading(held, world))
        }
    }

    /// The tokens of a pointer: mostly to what is there or a key beside it.
    private mutating func tokens(_ session: ModelSession, _ world: ModelWorld, shortest: Int = 1) -> [String] {
        let container = world.containers[session.container]
        guard container.isSplit else {
            return tokens(in: session.copies[""]?.tree, isFlat: container.kind == .flat, shortest: shortest)
        }
        let loaded = ModelAlphabet.packages.filter { session.copies[$0] != nil }
        let package = chance(5) ? package() : pick(loaded, or: package())
        if shortest < 2, chance(6) { return [package] }
        return [package] + tokens(in: session.copies[package]?.tree, isFlat: true, shortest: 1)
    }

    private mutating func tokens(in tree: SessionValue?, isFlat: Bool, shortest: Int) -> [String] {
        var tokens: [String] = []
        var node = tree
        repeat {
            let present = node.map(Self.tokens(into:)) ?? []
            let other = tokens.isEmpty && !isFlat ? package() : tokens.count < (isFlat ? 1 : 2) ? key() : inner(node)
            tokens.append(chance(3) ? other : pick(present, or: other))
            node = node.flatMap { ModelTree.value(at: [tokens[tokens.count - 1]], in: $0) }
        } while tokens.count < shortest || (tokens.count < 2 && !isFlat && !chance(6))
            || (node?.childCount != nil && chance(2)) || chance(30)
        return tokens
    }

    private mutating func inner(_ node: SessionValue?) -> String {
        if case .list = node, chance(2) { return "-" }
        return pick(ModelAlphabet.inner, or: "")
    }

    private static func tokens(into node: SessionValue) -> [String] {
        switch node {
        case .map(let map): map.keys.compactMap(\.keyText)
        case .list(let elements): elements.indices.map(String.init)
        default: []
        }
    }

    private mutating func change() -> ModelChange {
        switch number(0...11) {
        case 0..<8: .set(package: package(), key: key(), value())
        case 8: .remove(package: package(), key: key())
        case 9: .removePackage(package())
        case 10: .empty(package())
        default: chance(2) ? .clear : .remove(package: package(), key: key())
        }
    }

    private mutating func reading(_ session: ModelSession, _ world: ModelWorld) -> ModelReading {
        switch number(0...5) {
        case 0, 1: .value(chance(5) ? [] : tokens(session, world))
        case 2: .contains(tokens(session, world))
        case 3: .key(package: package(), key: key())
        case 4: .count(package())
        default: .packages
        }
    }

    /// Another writer, mostly on what is held here.
    private mutating func otherWriter(_ world: ModelWorld) -> ModelOperation {
        var container = container()
        var number = id(in: container, world)
        if !chance(4), let held = world.transaction.sessions.randomElement(using: &self),
            let shown = world.number(of: held.id, in: held.container)
        {
            (container, number) = (held.container, shown)
        }
        let kind = world.containers[container]
        let part = kind.isSplit ? package() : ""
        let key = world.id(number, in: container).map { kind.key($0, part) } ?? ""
        let tokens = tokens(in: world.store.records[key]?.tree, isFlat: !kind.holdsPackages, shortest: 1)
        switch self.number(0...9) {
        case 0..<6:
            let life = pick([.usual, .usual, .usual, .short, .endless], or: OtherLife.usual)
            return .otherSet(container: container, number, part: part, tokens, value(), life)
        case 6, 7: return .otherRemove(container: container, number, part: part, tokens)
        default: return .otherDestroy(container: container, number, part: part)
        }
    }
}

extension ModelWorld {
    /// The number by which operations name an id; nil if nobody was told it.
    fileprivate func number(of id: String, in container: Int) -> Int? {
        (ModelAlphabet.ids + published[container]).firstIndex(of: id)
    }

    /// How operations name a session.
    fileprivate func name(of session: Int) -> ModelSessionName? {
        if let made = transaction.made.firstIndex(of: session) { return .made(made) }
        let held = transaction.sessions[session]
        return number(of: held.id, in: held.container).map { .id(container: held.container, $0) }
    }
}
