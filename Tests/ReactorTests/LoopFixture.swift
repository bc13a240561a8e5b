import Glibc
import Testing

@testable import Reactor

/// A loop for one test; closed at its end.
func withLoop<Result>(
    _ body: (EventLoop) async throws -> Result
) async throws -> Result {
    let loop = try EventLoop(label: "test")
    defer { loop.close() }
    return try await body(loop)
}

extension EventLoop {
    /// Runs `body` on the loop, and waits until it has called its argument with the result, at once
    /// or from some later event.
    func result<Result: Sendable>(
        of body: @escaping @Sendable (@escaping @Sendable (Result) -> Void) -> Void
    ) async -> Result {
        await withCheckedContinuation { continuation in
            execute { body { continuation.resume(returning: $0) } }
        }
    }
}

/// Two connected sockets; closed with the object.
final class SocketPair: Sendable {
    let near: CInt
    let far: CInt

    init() throws {
        var descriptors: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else {
            throw SystemError.last("socketpair")
        }
        (near, far) = (descriptors[0], descriptors[1])
    }

    deinit {
        _ = Glibc.close(near)
        _ = Glibc.close(far)
    }

    /// Makes `near` readable.
    func sendByte() { _ = write(far, [7], 1) }
    func receiveByte() {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
            _ = read(near, $0.baseAddress, 1)
        }
    }
}

/// What happened on a loop, in order. Belongs to the loop that it was made on.
final class Diary {
    private(set) var entries: [String] = []
    func note(_ entry: String) { entries.append(entry) }
}
