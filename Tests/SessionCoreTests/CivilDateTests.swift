import RandomValues
import SessionCore
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        (0, 1970, 1, 1), (-1, 1969, 12, 31), (11_016, 2000, 2, 29), (19_782, 2024, 2, 29), (-719_468, 0, 3, 1),
        (2_932_896, 9999, 12, 31),
    ])
    func `days that are known`(days: Int, year: Int, month: Int, day: Int) {
        #expect(CivilDate(days: days) == CivilDate(year: year, month: month, day: day))
        #expect(CivilDate(year: year, month: month, day: day).days == days)
    }

    @Test(arguments: RandomSource.seeds(3))
    func `there and back, and the next day follows`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<2000 {
            let days = random.number(-1_000_000...3_000_000)
            let (date, next) = (CivilDate(days: days), CivilDate(days: days + 1))
            #expect(date.days == days)
            #expect(next.day == date.day + 1 || next.day == 1 && (next.month == date.month + 1 || next.month == 1))
        }
    }
}
