package import Postgres

/// A database of a test's own, in the process's cluster.
package struct TestDatabase: Sendable {
    package let name: String
    /// As the service sees it: the role `credits`, owner of the database and no superuser.
    package let address: DatabaseAddress
    /// The same in libpq's keywords, for `DirectConnection` and for child processes.
    package let target: String
    /// As the superuser sees it: libpq's keywords.
    package let administratorTarget: String

    /// Runs SQL beside the code under test, as the superuser.
    @discardableResult
    package func administer(_ sql: String) async throws -> [[String?]] {
        try await DirectConnection.run(sql, on: administratorTarget)
    }

    /// Runs SQL beside the code under test, as the role `credits`.
    @discardableResult
    package func run(_ sql: String) async throws -> [[String?]] {
        try await DirectConnection.run(sql, on: target)
    }
}

/// Calls the body with the address of a new, empty database, and drops it afterwards.
package func withTestDatabase<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (DatabaseAddress) async throws -> Result
) async throws -> Result {
    try await withTestDatabase { (database: TestDatabase) in try await body(database.address) }
}

/// The same, for tests that also need to look from outside, or the superuser's rights.
package func withTestDatabase<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    await DatabaseSlots.shared.take()
    defer { DatabaseSlots.shared.giveBack() }
    let cluster = try await TestCluster.shared()
    let name = try await cluster.makeDatabase()
    do {
        let target = cluster.target(database: name)
        let database = TestDatabase(
            name: name, address: try DatabaseAddress(target), target: target,
            administratorTarget: cluster.administratorTarget(database: name))
        let result = try await body(database)
        try await cluster.dropDatabase(name)
        return result
    } catch {
        // The test's own error is the one to show; the database goes with the cluster.
        _ = try? await cluster.dropDatabase(name)
        throw error
    }
}
