import CPostgres

/// Asks the server, over a connection of its own, to stop what a session is doing.
///
/// Sendable although it holds a pointer: the PGcancel is a copy that libpq made for use on another
/// thread; it is never changed, and it is freed once, with this object.
final class CancelRequest: @unchecked Sendable {
    private let request: OpaquePointer

    init(taking request: OpaquePointer) {
        self.request = request
    }

    deinit {
        PQfreeCancel(request)
    }

    /// Blocks until the server has passed the request on. Never call it on an event loop.
    ///
    /// Whether it arrived is not reported: the answer to the statement tells, or its absence.
    func send() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            _ = PQcancel(request, text.baseAddress, CInt(text.count))
        }
    }
}
