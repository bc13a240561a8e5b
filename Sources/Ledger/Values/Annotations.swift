// What a client may say about a write. Each is kept with the ledger entry, and each refuses here
// what PostgreSQL could not store, so that one command cannot fail the batch it travels in.

/// Why a balance changed, in the client's words: at most 200 characters, no NUL.
package struct Reason: Hashable, Sendable {
    package static let maximumCharacters = 200

    package let rawValue: String

    package init?(_ rawValue: String) {
        // Scalars bound the bytes too: one Character may be any number of combining marks.
        guard rawValue.unicodeScalars.count <= Self.maximumCharacters,
            !rawValue.utf8.contains(0)
        else { return nil }
        self.rawValue = rawValue
    }

    /// By bytes: String takes different spellings of an accent for equal, and a ledger must not.
    package static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }
}

/// A JSON object that the client attaches to a write: at most 4 KiB of UTF-8.
///
/// The caller vouches for the text being one JSON object in a canonical spelling: two spellings of
/// one object under one idempotency key would count as different requests.
package struct Metadata: Hashable, Sendable {
    package static let maximumBytes = 4096

    package let json: String

    package init?(json: String) {
        guard json.utf8.count <= Self.maximumBytes, !json.utf8.contains(0) else { return nil }
        self.json = json
    }

    /// By bytes, as reasons are.
    package static func == (left: Self, right: Self) -> Bool {
        left.json.utf8.elementsEqual(right.json.utf8)
    }
}

/// A client's name for one write, by which a retry is known again: 1-255 visible ASCII characters.
package struct IdempotencyKey: Hashable, Sendable {
    package static let lengths = 1...255

    package let rawValue: String

    package init?(_ rawValue: String) {
        guard Self.lengths.contains(rawValue.utf8.count),
            rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
}
