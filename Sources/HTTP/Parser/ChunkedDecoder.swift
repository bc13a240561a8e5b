// Reads a chunked body (RFC 9112 7.1).
//
//   size ── hex digits ──> extensions ── CR LF ──> data ──> dataEnd ── CR LF ──> size
//                              └─── CR LF, after size 0 ──> trailers ── empty line ──> done
//
// Extensions and trailers are checked, bounded and thrown away. Used bytes leave the buffer at
// once, so that every state begins at its first unread byte.
struct ChunkedDecoder: Sendable {
    private enum State { case size, extensions, data, dataEnd, trailers }

    private let limits: MessageLimits
    private var state = State.size
    private var digitCount = 0
    /// The size being read; then how much of the data is still to come.
    private var remaining = 0
    private var extensions = ChunkExtensionScanner()
    private var extensionBytes = 0
    private var trailers: FieldSectionScanner

    init(limits: MessageLimits) {
        self.limits = limits
        trailers = FieldSectionScanner(
            maximumBytes: limits.trailerBytes, maximumCount: limits.fieldCount)
    }

    /// Moves decoded data to the end of `body`; whether the body has ended.
    mutating func decode(
        _ buffer: inout InputBuffer, into body: inout [UInt8]
    ) throws(RequestError) -> Bool {
        while !buffer.isEmpty {
            switch state {
            case .size:
                try readSize(&buffer, room: limits.bodyBytes - body.count)
            case .extensions:
                guard try readExtensions(&buffer) else { return false }
            case .data:
                remaining -= buffer.move(atMost: remaining, to: &body)
                if remaining == 0 { state = .dataEnd }
            case .dataEnd:
                guard try readDataEnd(&buffer) else { return false }
            case .trailers:
                guard try trailers.scan(buffer) else { return false }
                buffer.consume(trailers.cursor)
                return true
            }
        }
        return false
    }

    /// 1*HEXDIG. More than sixteen are refused, leading zeros or not; the size never outgrows the
    /// room that the body has left.
    private mutating func readSize(
        _ buffer: inout InputBuffer, room: Int
    ) throws(RequestError) {
        while !buffer.isEmpty {
            guard let digit = ASCII.hexadecimalValue(buffer[0]) else {
                guard digitCount > 0 else { throw .invalidChunkSize }
                state = .extensions
                return
            }
            digitCount += 1
            guard digitCount <= 16 else { throw .invalidChunkSize }
            let (shifted, isTooLarge) = remaining.multipliedReportingOverflow(by: 16)
            guard !isTooLarge, shifted <= room - Int(digit) else { throw .bodyTooLarge }
            remaining = shifted + Int(digit)
            buffer.consume(1)
        }
    }

    private mutating func readExtensions(_ buffer: inout InputBuffer) throws(RequestError) -> Bool {
        while true {
            switch try buffer.lineEnd(at: 0, before: buffer.count) {
            case .undecided:
                return false
            case .present:
                guard extensions.isComplete else { throw .invalidChunkSize }
                buffer.consume(2)
                endSizeLine()
                return true
            case .absent:
                try extensions.scan(buffer[0])
                extensionBytes += 1
                guard extensionBytes <= limits.chunkExtensionBytes else {
                    throw .chunkExtensionsTooLarge
                }
                buffer.consume(1)
            }
        }
    }

    private mutating func endSizeLine() {
        state = remaining == 0 ? .trailers : .data
        extensions = ChunkExtensionScanner()
        digitCount = 0
    }

    private mutating func readDataEnd(_ buffer: inout InputBuffer) throws(RequestError) -> Bool {
        guard buffer[0] == ASCII.carriageReturn else { throw .invalidChunkEnd }
        guard buffer.count > 1 else { return false }
        guard buffer[1] == ASCII.lineFeed else { throw .invalidChunkEnd }
        buffer.consume(2)
        state = .size
        return true
    }
}
