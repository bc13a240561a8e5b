import Ledger

/// One line on a terminal that says how far a verification has come, how fast, and how long the
/// rest will take; nothing where standard error is no terminal.
struct ProgressBar {
    let isShown: Bool
    private static let width = 24

    func show(_ progress: LedgerVerifier.Progress, after elapsed: Duration) {
        guard isShown else { return }
        let line = Self.line(
            done: progress.entries, expected: progress.expectedEntries, after: elapsed)
        StandardStream.error.write(line)
    }

    /// Leaves the line empty, for what is to be written instead of it.
    func clear() {
        guard isShown else { return }
        StandardStream.error.write("\r\u{1B}[K")
    }

    /// ` 42 % [##########--------------] 1008000 of 2400000 entries, 912345/s, 2 s left`
    static func line(done: Int64, expected: Int64, after elapsed: Duration) -> String {
        // What is expected is an estimate: only the end is the end.
        let share = min(Double(done) / Double(max(expected, 1)), 0.99)
        let rate = Double(done) / max(elapsed / .seconds(1), 0.001)
        let left = Double(max(expected - done, 0)) / max(rate, 1)
        let percent = String(Int(share * 100))
        let marks = Int(share * Double(width))
        let bar =
            String(repeating: "#", count: marks) + String(repeating: "-", count: width - marks)
        let padding = String(repeating: " ", count: max(0, 3 - percent.count))
        return "\(padding)\(percent) % [\(bar)] \(done) of \(max(expected, done)) entries, "
            + "\(Int(rate))/s, \(Int(left.rounded(.up))) s left"
    }
}
