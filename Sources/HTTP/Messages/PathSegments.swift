/// The segments of a path, percent-decoded (RFC 3986 3.3): bytes, and where each segment lies.
///
/// `.` and `..` are resolved (RFC 3986 5.2.4), however they are encoded. An encoded slash is part
/// of its segment. One slash at the end says nothing: `/a` and `/a/` are both one segment, and `/`
/// has none.
package struct PathSegments: Sendable {
    /// The target as it was sent, followed by those segments that decoding changes.
    private var bytes: [UInt8]
    private var places: [Range<Int>] = []
    private let hasFinalSlash: Bool

    init(_ path: Range<Int>, of target: [UInt8]) {
        bytes = target
        hasFinalSlash = target[path].last == UInt8(ascii: "/")
        guard target[path].first == UInt8(ascii: "/") else { return }
        places.reserveCapacity(Self.usualCount)
        let end = path.upperBound
        var start = path.lowerBound + 1
        for index in start...end where index == end || target[index] == UInt8(ascii: "/") {
            resolve(decoded(start..<index), isLast: index == end)
            start = index + 1
        }
        if let last = places.last, last.isEmpty { places.removeLast() }
    }

    package var count: Int { places.count }

    package subscript(index: Int) -> ArraySlice<UInt8> { bytes[places[index]] }

    /// What is no UTF-8 reads as U+FFFD.
    package func text(_ index: Int) -> String {
        String(decoding: self[index], as: UTF8.self)
    }

    /// The segments with the empty one that a slash at the end stands for, where there is one.
    package var withFinalSlash: PathSegments? {
        guard hasFinalSlash else { return nil }
        var segments = self
        segments.places.append(0..<0)
        return segments
    }

    /// One allocation serves every path of an ordinary interface.
    private static let usualCount = 8

    private mutating func decoded(_ place: Range<Int>) -> Range<Int> {
        guard bytes[place].contains(UInt8(ascii: "%")) else { return place }
        let start = bytes.count
        bytes.append(PercentEncoding.decode(bytes[place]))
        return start..<bytes.count
    }

    private mutating func resolve(_ place: Range<Int>, isLast: Bool) {
        let dots = bytes[place]
        switch dots.count {
        case 1 where dots.first == UInt8(ascii: "."):
            break
        case 2 where dots.first == UInt8(ascii: ".") && dots.last == UInt8(ascii: "."):
            _ = places.popLast()
        default:
            return places.append(place)
        }
        if isLast { places.append(place.lowerBound..<place.lowerBound) }
    }
}
