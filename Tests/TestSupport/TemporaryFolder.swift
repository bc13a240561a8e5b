import FoundationEssentials
import Glibc

/// Calls the body with a new, empty folder, and removes it afterwards with all that is in it.
package func withTemporaryFolder<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Result
) async throws -> Result {
    let folder = try makeTemporaryFolder(prefix: "/tmp/credits-test-")
    chmod(folder, 0o755)  // root's PostgreSQL runs as another user
    // A folder that stays behind in /tmp fails no test.
    defer { _ = try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

func makeTemporaryFolder(prefix: String) throws -> String {
    var template = Array((prefix + "XXXXXX").utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw TestSupportError("mkdtemp: \(String(cString: strerror(errno)))") }
    return made
}

/// What went wrong in the scaffolding, not in what is tested.
package struct TestSupportError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
