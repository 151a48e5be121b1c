import RandomValues
import SessionModel
import Testing

@Suite struct ModelTests {
    /// Several parts, so that they run side by side.
    private static let seeds = RandomSource.seeds(40)

    @Test(arguments: seeds)
    func `random sequences do what whole copies of plain maps do`(seed: UInt64) async {
        let sequences = SequenceRunner.sequences(orElse: 20_000) / 40
        if let report = await SequenceRunner.memory.disagreement(seed: seed, sequences: sequences) {
            Issue.record("\(report)")
        }
    }
}
