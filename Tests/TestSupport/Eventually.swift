/// Asks again until the condition holds; `false` when it does not by the deadline. For what another
/// process does in its own time: never for our own code, which can be awaited.
package func eventually(
    within deadline: Duration = patience, pause: Duration = .milliseconds(25),
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + deadline
    while try await !condition() {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: pause)
    }
    return true
}
