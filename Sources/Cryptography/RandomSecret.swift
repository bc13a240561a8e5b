import CCrypto

/// Bytes that nobody can foresee.
package enum RandomSecret {
    /// From libcrypto's generator, which the system's own seeds (RAND_bytes(3)).
    package static func hexadecimal(byteCount: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        // To go on with bytes that are not random would be worse than to stop.
        precondition(RAND_bytes(&bytes, CInt(byteCount)) == 1, "the system has no randomness")
        return HexadecimalText.of(bytes)
    }
}
