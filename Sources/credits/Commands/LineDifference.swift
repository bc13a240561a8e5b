/// The first lines in which two texts differ, enough to see what changed.
struct LineDifference {
    let text: String

    private static let shownLines = 5

    init(expected: String, found: String) {
        let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let foundLines = found.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(expectedLines, foundLines).prefix { $0 == $1 }.count
        let sameAtEnd = zip(expectedLines[same...].reversed(), foundLines[same...].reversed())
            .prefix { $0 == $1 }.count
        let removed = foundLines[same...].dropLast(sameAtEnd)
        let added = expectedLines[same...].dropLast(sameAtEnd)
        var lines = ["line \(same + 1):"]
        lines += Self.shown(removed, mark: "-") + Self.shown(added, mark: "+")
        text = lines.joined(separator: "\n")
    }

    private static func shown(_ lines: ArraySlice<Substring>, mark: String) -> [String] {
        let rest = lines.count - shownLines
        return lines.prefix(shownLines).map { "  \(mark) \($0.prefix(100))" }
            + (rest > 0 ? ["  \(mark) ... \(rest) more"] : [])
    }
}
