import Dispatch
import Glibc

/// Where log lines go: a stream whose reader may be slow, stopped or gone.
///
/// A line that the stream does not take at once is dropped. Events are logged where requests are
/// answered, and a log that nobody reads, as in a terminal after Ctrl-S, must not hold them up. How
/// many were dropped is told when there is room again.
final class LogSink: @unchecked Sendable {
    static let standardError = LogSink(StandardStream.error.rawValue)

    private let descriptor: CInt
    // Sound because what follows is touched on the queue alone.
    private let queue = DispatchQueue(label: "credits.log")
    private var dropped = 0
    /// The last line ends in its middle.
    private var isCut = false

    /// A pipe that has room at all takes so much without waiting (pipe(7), PIPE_BUF).
    private static let pieceSize = 4096

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// - Parameters:
    ///   - line: a whole one, with its end.
    ///   - notice: the line that says how many were dropped.
    func write(_ line: String, afterDropping notice: (Int) -> String) {
        queue.sync {
            if dropped > 0 {
                guard put((isCut ? "\n" : "") + notice(dropped)) else { return dropped += 1 }
                dropped = 0
            }
            if !put(line) { dropped += 1 }
        }
    }

    /// Whether the stream took all of it.
    private func put(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceSize))
                let written = hasRoom ? StandardStream.write(piece, to: descriptor) : 0
                guard written > 0 else {
                    isCut = rest.count < bytes.count || isCut
                    return false
                }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
            isCut = false
            return true
        }
    }

    private var hasRoom: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLOUT) != 0
    }
}
