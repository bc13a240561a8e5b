package import Reactor

/// Calls the body with an event loop of its own, closed afterwards.
package func withEventLoop<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (EventLoop) async throws -> Result
) async throws -> Result {
    let loop = try EventLoop(label: "test")
    defer { loop.close() }
    return try await body(loop)
}
