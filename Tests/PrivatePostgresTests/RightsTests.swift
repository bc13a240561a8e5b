import TestSupport
import Testing

@testable import PrivatePostgres

@Suite("What the service's role may not do")
struct RightsTests {
    @Test(arguments: [
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO '/tmp/credits-must-not-exist'",
        "CREATE TEMP TABLE t (line text); COPY t FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "CREATE ROLE other SUPERUSER",
        "CREATE DATABASE other",
        "ALTER ROLE credits SUPERUSER",
        "ALTER SYSTEM SET fsync = off",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc.so.6', 'getpid'",
    ])
    func `is refused`(sql: String) async throws {
        try await withPlainDatabase { target in
            let error = await #expect(throws: DirectError.self) {
                try await DirectConnection.run(sql, on: target)
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func `becoming the superuser is refused`() async throws {
        try await withPlainDatabase { target in
            let owner = try await TestCluster.shared().administratorTarget()
            let rows = try await DirectConnection.run("SELECT current_user", on: owner)
            let name = try #require(rows.first?.first ?? nil)
            let error = await #expect(throws: DirectError.self) {
                try await DirectConnection.run("SET ROLE \"\(name)\"", on: target)
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test(arguments: [
        "CREATE TABLE t (n int); DROP TABLE t",
        "CREATE SCHEMA s; DROP SCHEMA s",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ])
    func `its own database is its own`(sql: String) async throws {
        try await withPlainDatabase { target in
            try await DirectConnection.run(sql, on: target)
        }
    }

    private func withPlainDatabase(_ body: (String) async throws -> Void) async throws {
        try await withTestDatabase { (database: TestDatabase) in try await body(database.target) }
    }
}
