/// The members of a comma-separated field value, without the white space around them
/// (RFC 9110 5.6.1). Empty members are given too: whoever counts them decides.
struct ListMembers: Sequence, IteratorProtocol {
    let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var isAtEnd = false

    init(bytes: [UInt8], rest: Range<Int>) {
        self.bytes = bytes
        position = rest.lowerBound
        end = rest.upperBound
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !isAtEnd else { return nil }
        var member = position..<end
        if let comma = bytes[member].firstIndex(of: UInt8(ascii: ",")) {
            member = position..<comma
            position = comma + 1
        } else {
            isAtEnd = true
        }
        return bytes[member.trimmingWhitespace(in: bytes)]
    }
}

extension Range<Int> {
    /// The range without the spaces and tabs at either end of it.
    func trimmingWhitespace(in bytes: [UInt8]) -> Range<Int> {
        var (lower, upper) = (lowerBound, upperBound)
        while lower < upper, ASCII.isWhitespace(bytes[lower]) { lower += 1 }
        while lower < upper, ASCII.isWhitespace(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are this word, written in small or capital letters.
    package func isWord(_ lowercased: String) -> Bool {
        count == lowercased.utf8.count
            && elementsEqual(lowercased.utf8) { ASCII.lowercased($0) == $1 }
    }
}
