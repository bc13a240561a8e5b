import Cryptography

/// A key as its holder has it: 256 bits from the system's generator behind a prefix by which
/// people, and programs that search for leaked secrets, know what it is. It is told once, when it
/// is made, and never printed by accident.
package struct KeySecret: Sendable {
    package static let prefix = "credits_"
    private static let byteCount = 32
    private static let hintDigits = 6

    /// The only way to what it is.
    package let exposed: String

    package static func random() -> KeySecret {
        KeySecret(exposed: prefix + RandomSecret.hexadecimal(byteCount: byteCount))
    }

    /// What may be shown of it, to tell keys apart: 24 bits, which leave 232 to be guessed.
    var hint: String { String(exposed.prefix(Self.prefix.utf8.count + Self.hintDigits)) + "..." }

    var hash: KeyHash { KeyHash(of: Array(exposed.utf8)[...]) }

    /// Whether a text has the form of a key: what has not is none, and nobody need be asked.
    package static func isWellFormed(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == prefix.utf8.count + 2 * byteCount && text.starts(with: prefix.utf8)
            && text.dropFirst(prefix.utf8.count).allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}

extension KeySecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<hidden>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What is kept of a key: its SHA-256, from which nobody finds 256 random bits again. Comparing two
/// takes a time that tells nothing.
package struct KeyHash: Hashable, Sendable {
    private let digest: SHA256Digest

    package init(of secret: ArraySlice<UInt8>) {
        digest = SHA256Digest(of: secret)
    }

    /// As the database has it.
    var hexadecimal: String { digest.hexadecimal }
}

extension KeyHash: CustomStringConvertible, CustomReflectable {
    package var description: String { "<hidden>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
