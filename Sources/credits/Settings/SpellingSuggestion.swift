/// "Did you mean ...?" for a name that nobody knows.
enum SpellingSuggestion {
    /// The candidate that is nearest to the word, if it is near enough to be meant: at most one
    /// slip in three letters.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let ranked = candidates.map { (name: $0, distance: distance(Array(word), Array($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.count / 3) ? best.name : nil
    }

    /// How many slips lie between two words: a letter too many, too few, wrong, or swapped with its
    /// neighbour (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rowBefore: [Int] = []
        var row = Array(0...right.count)
        for i in left.indices {
            var next = [i + 1]
            for j in right.indices {
                let isSame = left[i] == right[j]
                var best = min(row[j] + (isSame ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, rowBefore[j - 1] + 1)
                }
                next.append(best)
            }
            (rowBefore, row) = (row, next)
        }
        return row[right.count]
    }
}
