/// A place in a list: the number of the item that the page before ended with.
protocol PageCursor: Hashable, Sendable {
    static var spelling: CursorText { get }

    var number: Int64 { get }
    init(number: Int64)
}

extension PageCursor {
    static var example: String { Self(number: 50).text }

    init?(reading text: String) {
        guard let number = Self.spelling.number(in: text) else { return nil }
        self.init(number: number)
    }

    var text: String { Self.spelling.of(number) }
}

/// In the list of users, the first of whom comes first.
struct UserCursor: PageCursor {
    static let spelling = CursorText(letter: "u")

    let number: Int64
}

/// In a list whose newest comes first: keys, the audit log, schema changes.
struct PlaceCursor: PageCursor {
    static let spelling = CursorText(letter: "p")

    let number: Int64
}
