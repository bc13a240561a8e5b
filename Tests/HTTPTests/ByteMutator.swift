/// SplitMix64: the same sequence on every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Changes a few bytes of what a reader knows well, so that most of it still makes sense to it.
struct ByteMutator {
    private let corpus: [[UInt8]]
    private let tokens: [[UInt8]]
    private var generator: SeededGenerator

    /// `tokens` are the words that mean something to the reader.
    init(seed: UInt64, corpus: [[UInt8]], tokens: [String]) {
        self.corpus = corpus
        self.tokens = tokens.map { Array($0.utf8) }
        generator = SeededGenerator(state: seed)
    }

    /// Up to `rows` texts of the corpus in a row, spoilt in one to four places.
    mutating func next(rows: ClosedRange<Int> = 1...1) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<generator.number(in: rows) { bytes += generator.element(of: corpus) }
        for _ in 0..<generator.number(in: 1...4) { spoil(&bytes) }
        return bytes
    }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        let index = generator.number(in: 0...bytes.count)
        let end = min(bytes.count, index + generator.number(in: 1...24))
        switch generator.number(in: 0...6) {
        case 0: bytes.insert(UInt8(generator.number(in: 0...255)), at: index)
        case 1, 2: bytes.insert(contentsOf: generator.element(of: tokens), at: index)
        case 3: bytes.replaceSubrange(index..<end, with: generator.element(of: tokens))
        case 4: bytes.removeSubrange(index..<end)
        case 5: bytes.insert(contentsOf: bytes[index..<end], at: index)
        default:
            guard index < bytes.count else { return }
            bytes[index] ^= 1 << UInt8(generator.number(in: 0...7))
        }
    }

    /// The bytes without those that the fault does not need.
    static func shrunken(_ bytes: [UInt8], while isFaulty: ([UInt8]) -> Bool) -> [UInt8] {
        var least = bytes
        var length = bytes.count
        while length > 0 {
            var start = 0
            while start < least.count {
                var fewer = least
                fewer.removeSubrange(start..<min(start + length, least.count))
                if isFaulty(fewer) { least = fewer } else { start += length }
            }
            length /= 2
        }
        return least
    }
}

extension SeededGenerator {
    fileprivate mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    fileprivate mutating func element(of list: [[UInt8]]) -> [UInt8] {
        list[number(in: 0...list.count - 1)]
    }
}
