import TestSupport
import Testing

@testable import Ledger

struct `SQL is cut into statements` {
    /// Where the statements of a row are cut, there stands a `|`.
    @Test(arguments: [
        "", "SELECT 1", "SELECT 1;", "SELECT 1;| SELECT 2", "SELECT 1 ;|SELECT 2; ",
        // What is no statement belongs to the one before it, or to the first.
        ";", ";;SELECT 1;", "SELECT 1;;;|SELECT 2; ; -- end", "-- only; a comment",
        "SELECT 1; /* a */ ; -- b\n;|SELECT 2",
        // Strings (4.1.2.1).
        "SELECT ';';|SELECT 2", "SELECT 'a'';';|SELECT 2", "SELECT '\\';|SELECT ';'",
        "SELECT E'\\';';|SELECT 2", "SELECT e'\\\\';|SELECT 2", "SELECT E'a'\n'\\';';|SELECT 2",
        "SELECT E'a' -- c\n '\\';';|SELECT 2", "SELECT E'a' 'b\\';|SELECT 2",
        "SELECT typee'\\';|SELECT 2", "SELECT N'\\';|SELECT 2", "SELECT B'1;0';|SELECT 2",
        "SELECT U&'\\0041;';|SELECT 2", "SELECT 1E'\\';';|SELECT 2", "SELECT 'open; SELECT 2",
        // Quoted names (4.1.1).
        "SELECT 1 AS \";\";|SELECT 2", "SELECT 1 AS \"a\"\";\";|SELECT 2",
        "SELECT 1 AS \"\\\";|SELECT 2", "SELECT 1 AS \"open; SELECT 2",
        // Dollar quotes (4.1.2.4).
        "SELECT $$;$$;|SELECT 2", "SELECT $a$;$$;$b$;$a$;|SELECT 2", "SELECT $a_1$;$a_1$;|SELECT 2",
        "SELECT $ä$;$ä$;|SELECT 2", "SELECT $1;|SELECT $2", "SELECT a$b$;|SELECT $b$;$b$",
        "SELECT $1a$;|SELECT 2", "SELECT $a$;$A$;$a$;|SELECT 2", "SELECT $$ open; SELECT 2",
        // Comments (4.1.5) and operators (4.1.3).
        "SELECT 1 -- ;\n;|SELECT 2", "SELECT 1 -- ;\r;|SELECT 2", "SELECT 1 /* ; */;|SELECT 2",
        "SELECT 1 /* /* ; */ ; */;|SELECT 2", "SELECT 1 /*/ ; */;|SELECT 2",
        "SELECT 1 /**/;|SELECT 2", "SELECT 3*/* ; */2;|SELECT 2", "SELECT 3 +-- ;\n1;|SELECT 2",
        "SELECT 3 - 1;|SELECT 2", "SELECT '--';|SELECT 2", "SELECT 1 /* open; SELECT 2",
        "SELECT 1 /* ' */;|SELECT 2", "SELECT 1 -- '\n;|SELECT 2", "SELECT 4 / 2;|SELECT 2",
        // Parentheses.
        "CREATE RULE r AS ON UPDATE TO t DO (SELECT 1; SELECT 2);|SELECT 2",
        "SELECT (';');|SELECT 2", "SELECT (1 -- )\n;2);|SELECT 2", "SELECT 1);|SELECT 2",
        // Bodies of functions in SQL.
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;|SELECT 2",
        "CREATE OR REPLACE PROCEDURE p() BEGIN /* ; */ ATOMIC SELECT 1; END;|SELECT 2",
        "create function f() returns int begin atomic select case when true then 1 end; "
            + "select 2; end;|SELECT 2",
        "CREATE FUNCTION f() RETURNS int RETURN 1;|SELECT 2",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1;';|SELECT 2",
        "CREATE TABLE begin (atomic int);|SELECT 1 AS end", "BEGIN;|SELECT 1;|END;|SELECT 2",
        "SELECT begin atomic FROM t;|SELECT 2", "SELECT CASE WHEN true THEN 1 END;|SELECT 2",
    ])
    func `as PostgreSQL reads it`(row: String) {
        let pieces = row.split(separator: "|").map(String.init)
        #expect(SQLStatements.split(row.replacing("|", with: "")) == pieces)
    }

    @Test(arguments: ["SELECT '\\';';|SELECT 2", "SELECT 'a'\n'\\';';|SELECT 2"])
    func `with escapes in every string, where the database has them so`(row: String) {
        let pieces = row.split(separator: "|").map(String.init)
        let sql = row.replacing("|", with: "")
        #expect(SQLStatements.split(sql, hasStandardStrings: false) == pieces)
    }

    @Test(arguments: [
        ("SELECT 1 FOR UPDATE", "SELECT"), ("VALUES (1)", "SELECT"), ("TABLE users", "SELECT"),
        ("(SELECT 1)", "SELECT"), ("/* insert */ insert into t values (1) returning 1", "INSERT"),
        ("WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a", "SELECT"),
        ("WITH a AS (SELECT 1) UPDATE t SET a = 1 RETURNING a", "UPDATE"), ("SHOW ALL", "SHOW"),
        ("EXPLAIN DELETE FROM t", "EXPLAIN"),
    ])
    func `and known by the command of those that give rows`(statement: String, command: String) {
        #expect(SQLStatements.commandGivingRows(statement) == command)
    }

    /// Each seed joins statements in random order, with random trifles around and within them.
    @Test(arguments: 0..<8)
    func `in pieces that join to the whole, and are a statement each to PostgreSQL`(
        seed: UInt64
    ) async throws {
        try await withTestDatabase { (database: TestDatabase) in
            var random = SeededGenerator(seed: seed)
            for _ in 0..<40 {
                let script = RandomScript(using: &random)
                let pieces = SQLStatements.split(script.text)
                #expect(pieces.joined() == script.text)
                #expect(pieces.count == script.count, "\(script.text)")
                let results = try await database.results(of: pieces)
                #expect(results.allSatisfy { $0 == 1 }, "\(script.text)")
            }
        }
    }

    /// Whatever bytes there are, nothing is lost.
    @Test func `in pieces that join to the whole, whatever the SQL`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<3_000 {
            let sql = RandomScript.noise(using: &random)
            for hasStandardStrings in [true, false] {
                let pieces = SQLStatements.split(sql, hasStandardStrings: hasStandardStrings)
                #expect(pieces.joined() == sql)
                #expect(!pieces.contains(""))
            }
        }
    }
}

extension TestDatabase {
    /// How many results each text gives, sent alone by the simple protocol, and taken back.
    fileprivate func results(of texts: [String]) async throws -> [Int] {
        try await DirectConnection.use(target) { connection in
            try texts.map { text in
                try connection.run("BEGIN")
                defer { _ = try? connection.run("ROLLBACK") }
                return try connection.countResults(of: text)
            }
        }
    }
}

/// SQL of statements that PostgreSQL can run in any order, each by itself.
private struct RandomScript {
    let text: String
    let count: Int

    init(using random: inout SeededGenerator) {
        let count = Int.random(in: 1...6, using: &random)
        var text = Self.trifle(using: &random)
        for number in 1...count {
            text += Self.statements.randomElement(using: &random) ?? ""
            // The last one may go without.
            let isOpen = number == count && Bool.random(using: &random)
            text += isOpen ? "" : Self.trifle(using: &random) + ";"
            text += Self.trifle(using: &random)
            if Int.random(in: 0..<4, using: &random) == 0, !isOpen { text += ";" }
        }
        self.text = text
        self.count = count
    }

    private static func trifle(using random: inout SeededGenerator) -> String {
        [" ", "\n", "", "/* ; ' */", " -- ;\"\n", "/* /* $$ */ ; */\t", "\r\n"]
            .randomElement(using: &random) ?? ""
    }

    /// Text of all that means something to the scanner.
    static func noise(using random: inout SeededGenerator) -> String {
        let parts = [
            "'", "\"", "$$", "$a$", ";", "--", "/*", "*/", "\n", "(", ")", "\\", "E'", "e", " ",
            "ä", "begin", " atomic", "end", "case", "create function ", "\u{0}", "🙂", "1",
        ]
        return (0..<Int.random(in: 0...30, using: &random))
            .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }

    private static let statements = [
        "SELECT 1", "SELECT ';', E'\\';', $$;$$, $a$ ; $b$ ; $a$",
        "SELECT U&'\\0041;' AS \";\"\"\"",
        "CREATE TABLE t (a int DEFAULT (1), b text CHECK (b <> ';'))", "VALUES (1), (2)",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN 1 = 1 THEN 1 END; "
            + "SELECT (2); END",
        "DO $do$ BEGIN PERFORM 1; PERFORM $x$;$x$; END $do$", "SELECT 2 /* ; */ - 1 -- ;\n",
        "CREATE TABLE r (a int)", "SELECT B'01'\n'10', N';'", "SET LOCAL work_mem = '8MB'",
        "COMMENT ON SCHEMA public IS 'a;''b'", "SELECT E'a'\n  '\\';'", "SELECT 1 AS begin",
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $p$ BEGIN NULL; END; $p$", "SELECT 'ä;' AS ä$b$",
    ]
}
