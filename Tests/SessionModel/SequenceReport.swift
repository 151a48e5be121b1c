internal import RandomValues
internal import SessionCore

extension SequenceRunner {
    /// Runs random sequences, and tells of the first on which core and model part: seed, steps, and the fewest steps that
    /// still show it.
    ///
    /// - Parameters:
    ///   - seed: What the sequences follow from.
    ///   - count: How many sequences are run.
    ///   - length: How many steps each has.
    /// - Returns: The report; nil if core and model agree.
    public func disagreement(seed: UInt64, sequences count: Int, length: Int = 30) async -> String? {
        var random = RandomSource(seed: seed)
        for number in 0..<count {
            var sequence = ModelSequence(containers: random.containers(movesTime: movesTime), operations: [])
            let late = await run(in: sequence.containers) { world in
                guard sequence.operations.count < length else { return nil }
                let operation = random.operation(in: world, movesTime: movesTime)
                sequence.operations.append(operation)
                return operation
            }
            guard let late else { continue }
            let found = await run(sequence) ?? late
            let (shrunken, problem) = await shrink(sequence, found)
            return """
                seed \(seed), sequence \(number + 1) of \(count), step \(found.step + 1): \(found.problem)
                \(sequence.text(through: found.step))
                shrunken: \(problem)
                \(shrunken.text(through: shrunken.operations.count - 1))
                """
        }
        return nil
    }

    /// Leaves out steps for as long as core and model part over what is left.
    private func shrink(
        _ sequence: ModelSequence, _ found: (step: Int, problem: String)
    ) async -> (ModelSequence, String) {
        var shrunken = sequence
        shrunken.operations = Array(sequence.operations[...found.step])
        var problem = found.problem
        var isShorter = true
        while isShorter {
            isShorter = false
            for index in shrunken.operations.indices.reversed() where index < shrunken.operations.count {
                var candidate = shrunken
                candidate.operations.remove(at: index)
                guard let left = await run(candidate) else { continue }
                candidate.operations = Array(candidate.operations[...left.step])
                (shrunken, problem, isShorter) = (candidate, left.problem, true)
            }
        }
        return (shrunken, problem)
    }
}

extension ModelSequence {
    /// The containers and the steps, a line each.
    fileprivate func text(through step: Int) -> String {
        let containers = containers.map { "\($0.name): \($0.kind), timeout \($0.timeout), resolution \($0.resolution)" }
        let steps = operations.prefix(step + 1).enumerated().map { "\($0 + 1). \($1)" }
        return (containers + steps).map { "  \($0)\n" }.joined()
    }
}
