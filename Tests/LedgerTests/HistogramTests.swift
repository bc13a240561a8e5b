import Ledger
import Testing

@Suite("A histogram")
struct HistogramTests {
    @Test(
        "counts a value in the first bucket whose bound it does not exceed",
        arguments: [
            (Int.min, 0), (0, 0), (1, 0), (2, 1), (10, 1), (11, 2), (100, 2), (101, 3),
            (Int.max, 3),
        ])
    func bucket(value: Int, place: Int) {
        let histogram = Histogram(upTo: [1, 10, 100])
        histogram.record(value)
        let reading = histogram.reading
        #expect(reading.counts.firstIndex(of: 1) == place)
        #expect(reading.counts.reduce(0, +) == 1)
        #expect(reading.sum == value)
    }

    @Test("loses nothing of what many record at once")
    func manyAtOnce() async {
        let histogram = Histogram(upTo: [2, 4])
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for value in 0..<6000 { histogram.record(value % 6) } }
            }
        }
        #expect(histogram.reading.counts == [24_000, 16_000, 8_000])
        #expect(histogram.reading.sum == 8 * 1000 * 15)
    }
}
