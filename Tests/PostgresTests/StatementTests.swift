import Testing

@testable import Postgres

@Suite("Statement") struct StatementTests {
    @Test func `makes binds of what is interpolated`() {
        let name = "'; DROP TABLE users; --"
        let statement: Statement = "SELECT \(1) WHERE name = \(name) AND \(nil as Int64?)"
        #expect(statement.text == "SELECT $1 WHERE name = $2 AND $3")
        #expect(statement.binds.count == 3)
        #expect(statement.binds.types == [20, 25, 20])
        #expect(statement.binds.lengths == [8, Int32(name.utf8.count), -1])
    }

    @Test func `splices only what is labelled so`() {
        let statement: Statement = "SELECT count(*) FROM \(unescaped: "users") WHERE id = \(7)"
        #expect(statement.text == "SELECT count(*) FROM users WHERE id = $1")
    }

    @Test func `shows no bind when printed`() {
        let statement: Statement = "SELECT \("hunter2")"
        var dumped = ""
        dump(statement, to: &dumped)
        for text in ["\(statement)", String(reflecting: statement), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(statement)" == "SELECT $1 [1 binds]")
    }

    @Test(arguments: [
        ("COMMIT", Statement.TransactionControl.commit), (" \n commit;", .commit),
        ("END", .commit), ("BEGIN", .begin), ("begin isolation level serializable", .begin),
        ("START TRANSACTION", .begin), ("ROLLBACK", .rollback), ("abort", .rollback),
        ("SELECT 1", nil), ("commits", nil),
        ("CREATE TABLE t ()", nil), ("", nil),
    ])
    func `knows what it does to its transaction`(
        _ text: String, _ control: Statement.TransactionControl?
    ) {
        #expect(Statement(unescaped: text).transactionControl == control)
    }
}

@Suite("Array's binary form") struct ArrayBinaryFormTests {
    @Test func `is PostgreSQL's`() {
        var binds = Binds()
        [Int64(1), nil].encode(into: &binds)
        let expected: [UInt8] = [
            0, 0, 0, 1,  // one dimension
            0, 0, 0, 1,  // with NULLs
            0, 0, 0, 20,  // of bigint
            0, 0, 0, 2, 0, 0, 0, 1,  // two elements, from 1
            0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1,
            255, 255, 255, 255,
        ]
        #expect(binds.bytes == expected)
        #expect(binds.types == [1016])
    }

    @Test func `has no dimension when it is empty`() {
        var binds = Binds()
        [String]().encode(into: &binds)
        #expect(binds.bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
    }
}
