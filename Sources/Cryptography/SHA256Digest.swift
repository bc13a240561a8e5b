import CCrypto

/// A SHA-256 (FIPS 180-4). Two of them are compared in a time that tells nothing of where they
/// differ.
package struct SHA256Digest: Sendable {
    package static let byteCount = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    package init(of message: ArraySlice<UInt8>) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &words) { digest in
            message.withUnsafeBytes { message in
                EVP_Digest(
                    message.baseAddress, message.count, digest.baseAddress, nil, Self.algorithm,
                    nil)
            }
        }
        // It fails only where there is no memory, or a libcrypto that has no SHA-256.
        precondition(isDone == 1, "libcrypto makes no SHA-256")
        self.words = words
    }

    /// 64 digits, in small letters.
    package var hexadecimal: String {
        withUnsafeBytes(of: words) { HexadecimalText.of($0) }
    }

    /// Fetched once: to look it up by name costs more than a short message's digest.
    ///
    /// Nothing changes it after that, and libcrypto lets threads share it (EVP_MD_fetch(3)).
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
}

extension SHA256Digest: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        withUnsafeBytes(of: left.words) { left in
            withUnsafeBytes(of: right.words) { right in
                CRYPTO_memcmp(left.baseAddress, right.baseAddress, byteCount) == 0
            }
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
