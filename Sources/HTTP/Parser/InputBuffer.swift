/// Bytes that arrived and were not used yet: one array, and where the unread ones begin.
///
/// Readers count from the first unread byte, so that nothing breaks when the array moves up. Used
/// bytes are dropped for nothing once all are used, else when they outweigh the rest: on average
/// each byte moves up once at most.
struct InputBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    /// What an idle connection may keep for its next request.
    private static let keptCapacity = 16 * 1024

    var count: Int { bytes.count - start }
    var isEmpty: Bool { start == bytes.count }

    subscript(index: Int) -> UInt8 { bytes[start + index] }

    mutating func append(_ new: Span<UInt8>) {
        if start > count {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(addingCapacity: new.count) { output in
            for index in new.indices { output.append(new[index]) }
        }
    }

    mutating func consume(_ count: Int) {
        start += count
        if isEmpty { removeAll() }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        start = 0
    }

    /// Moves as many bytes as there are, but no more than the limit, to the end of `body`; says
    /// how many.
    mutating func move(atMost limit: Int, to body: inout [UInt8]) -> Int {
        let moved = min(limit, count)
        body.append(contentsOf: bytes[start..<start + moved])
        consume(moved)
        return moved
    }

    func copy(_ range: Range<Int>) -> [UInt8] {
        Array(bytes[start + range.lowerBound..<start + range.upperBound])
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[start + range.lowerBound..<start + range.upperBound], as: UTF8.self)
    }
}

/// The two runs that a head is made of, and what ends each of its lines.
extension InputBuffer {
    enum LineEnd { case present, absent, undecided }

    /// The first index whose byte is not in the set, or `end`.
    func endOfRun(of set: ByteSet, from index: Int, to end: Int) -> Int {
        let (input, limit) = (bytes.span, start + end)
        var position = start + index
        while position < limit, set.contains(input[position]) { position += 1 }
        return position - start
    }

    /// The first index whose byte no field value may hold, or `end`.
    func endOfFieldValue(from index: Int, to end: Int) -> Int {
        let (input, limit) = (bytes.span, start + end)
        var position = start + index
        while position < limit, ASCII.isFieldValue(input[position]) { position += 1 }
        return position - start
    }

    /// The range without the spaces and tabs at either end of it.
    func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
        let absolute = start + range.lowerBound..<start + range.upperBound
        let trimmed = absolute.trimmingWhitespace(in: bytes)
        return trimmed.lowerBound - start..<trimmed.upperBound - start
    }

    /// Whether CR LF stands at the index. Either of them alone is refused: where one reader sees a
    /// line end and another does not, a second request can be hidden (RFC 9112 2.2 and 11.1).
    func lineEnd(at index: Int, before end: Int) throws(RequestError) -> LineEnd {
        guard index < end else { return .undecided }
        guard self[index] != ASCII.lineFeed else { throw .invalidLineEnd }
        guard self[index] == ASCII.carriageReturn else { return .absent }
        guard index + 1 < end else { return .undecided }
        guard self[index + 1] == ASCII.lineFeed else { throw .invalidLineEnd }
        return .present
    }
}
