// Reads `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )` (RFC 9112 7.1.1), a byte
// at a time and up to the line end.
//
//   size ── ";" ──> beforeName ──> name ── "=" ──> beforeValue ──> token
//     ^                             │                   └─ '"' ──> quoted <──> escaped
//     └──────────────── ";" ────────┴──────────────────────────────────┘
//
// What it says means nothing here. It is held to its grammar because two servers that differ in
// where a malformed extension ends read different chunks.
struct ChunkExtensionScanner: Sendable {
    private enum State {
        /// White space is told apart: it may stand before something, never at the end.
        case size, afterSize, beforeName, name, afterName, beforeValue, token, quoted, escaped
        case afterQuoted, afterValue
    }

    private var state = State.size

    /// Whether the line may end here.
    var isComplete: Bool {
        switch state {
        case .size, .name, .token, .afterQuoted: true
        case .afterSize, .beforeName, .afterName, .beforeValue, .quoted, .escaped, .afterValue:
            false
        }
    }

    mutating func scan(_ byte: UInt8) throws(RequestError) {
        guard let next = next(byte) else { throw .invalidChunkSize }
        state = next
    }

    /// Nil for a byte that may not stand here.
    private func next(_ byte: UInt8) -> State? {
        switch state {
        case .size, .afterSize: separator(byte, orWhitespace: .afterSize)
        case .beforeName: start(byte, of: .name, orWhitespace: .beforeName)
        case .name where ByteSet.token.contains(byte): .name
        case .name, .afterName:
            byte == UInt8(ascii: "=")
                ? .beforeValue : separator(byte, orWhitespace: .afterName)
        case .beforeValue:
            byte == UInt8(ascii: "\"")
                ? .quoted : start(byte, of: .token, orWhitespace: .beforeValue)
        case .token where ByteSet.token.contains(byte): .token
        case .token, .afterQuoted, .afterValue: separator(byte, orWhitespace: .afterValue)
        case .quoted: quoted(byte)
        case .escaped: ASCII.isFieldValue(byte) ? .quoted : nil
        }
    }

    private func separator(_ byte: UInt8, orWhitespace state: State) -> State? {
        if byte == UInt8(ascii: ";") { return .beforeName }
        return ASCII.isWhitespace(byte) ? state : nil
    }

    private func start(_ byte: UInt8, of word: State, orWhitespace state: State) -> State? {
        if ByteSet.token.contains(byte) { return word }
        return ASCII.isWhitespace(byte) ? state : nil
    }

    private func quoted(_ byte: UInt8) -> State? {
        switch byte {
        case UInt8(ascii: "\""): .afterQuoted
        case UInt8(ascii: "\\"): .escaped
        default: ASCII.isFieldValue(byte) ? .quoted : nil
        }
    }
}
