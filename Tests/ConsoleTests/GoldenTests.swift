import CellGrid
import Testing

@Suite struct GoldenTests {
    @Test func `rows that differ are shown with their number`() {
        #expect(Golden.rowDifference("a\nb\nc", "a\nB\nc\nd") == ["- 2 b", "+ 2 B", "+ 4 d"])
        #expect(Golden.rowDifference("a\nb", "a\nb") == [])
    }
}
