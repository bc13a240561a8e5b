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
///
/// - Parameter template: what the database is a copy of, and then not empty.
package func withTestDatabase<Result: Sendable>(
    copyOf template: DatabaseTemplate? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: (DatabaseAddress) async throws -> Result
) async throws -> Result {
    try await withTestDatabase(copyOf: template) { (database: TestDatabase) in
        try await body(database.address)
    }
}

/// The same, for tests that also need to look from outside, or the superuser's rights.
package func withTestDatabase<Result: Sendable>(
    copyOf template: DatabaseTemplate? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    await DatabaseSlots.shared.take()
    defer { DatabaseSlots.shared.giveBack() }
    let cluster = try await TestCluster.shared()
    let database =
        if let template {
            try await cluster.makeDatabase(copyOf: template.name(in: cluster))
        } else {
            try await cluster.makeDatabase()
        }
    do {
        let result = try await body(database)
        try await cluster.dropDatabase(database.name)
        return result
    } catch {
        // The test's own error is the one to show; the database goes with the cluster.
        _ = try? await cluster.dropDatabase(database.name)
        throw error
    }
}
