import HTTP
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `The user calls` {
    @Test func `make a user, and show him`() async throws {
        try await withAPI { api in
            let body = #"{"email":"ada@example.com","name":"Ada Lovelace","admin":true}"#
            let made = try await api.ask("POST /api/users", body)
            #expect(made.status == .created)
            let id = try #require(made.integer("user_id"))
            #expect(made.fields["Location"] == "/api/users/\(id)")
            let read = try await api.ask("GET /api/users/\(id)")
            #expect(try read.json == made.json)
            #expect(read.text("email") == "ada@example.com")
            let balance = try await api.ask("GET /api/credits/\(id)")
            #expect(balance.integer("credits") == 0)
        }
    }

    @Test func `refuse an e-mail that is taken`() async throws {
        try await withAPI { api in
            let body = #"{"email":"ada@example.com","name":"Ada"}"#
            #expect(try await api.ask("POST /api/users", body).status == .created)
            let again = try await api.ask("POST /api/users", body)
            #expect(again.status == .conflict)
            #expect(again.problem == "email-taken")
            #expect(again.places == ["#/email"])
        }
    }

    @Test(arguments: [
        ("{}", ["#/email", "#/name"]),
        (#"{"email":"a@b"}"#, ["#/name"]),
        (#"{"email":1,"name":null}"#, ["#/email", "#/name"]),
        (#"{"email":"ada","name":"Ada"}"#, ["#/email"]),
        (#"{"email":"a@b@c","name":"Ada"}"#, ["#/email"]),
        (#"{"email":"a b@c","name":"Ada"}"#, ["#/email"]),
        (#"{"email":"a@b","name":""}"#, ["#/name"]),
        (#"{"email":"a@b","name":"  \t"}"#, ["#/name"]),
        (#"{"email":"a@b","name":"a\u0000"}"#, ["#/name"]),
        (#"{"email":"a@b","name":"\#(String(repeating: "n", count: 101))"}"#, ["#/name"]),
        (#"{"email":"\#(String(repeating: "e", count: 255))@b","name":"n"}"#, ["#/email"]),
    ])
    func `refuse wrong values`(body: String, places: [String]) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("POST /api/users", body)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == places, "\(response.bodyText)")
        }
    }

    /// They are somebody else's tables too.
    @Test(arguments: [
        "ALTER TABLE users ADD CONSTRAINT long CHECK (length(name) > 3)",
        "CREATE UNIQUE INDEX ON users (name)",
        "ALTER TABLE users ADD COLUMN phone text NOT NULL",
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''not today''; END';
        CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW
            WHEN (NEW.name = 'Ada') EXECUTE FUNCTION refuse()
        """,
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''not today'' USING ERRCODE = ''AB123''; END';
        CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()
        """,
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN NEW.name := 1 / (length(NEW.name) - 3); RETURN NEW; END';
        CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()
        """,
        "ALTER TABLE users ADD EXCLUDE USING hash (name WITH =)",
    ])
    func `tell of a rule that the database's owner has made`(sql: String) async throws {
        try await withAPI { api in
            try await api.pool.withConnection { connection in
                try await connection.runScript(sql)
                let other = "INSERT INTO users (email, name) VALUES ('other@example.com', 'Ada')"
                if sql.contains("UNIQUE") || sql.contains("EXCLUDE") {
                    try await connection.runScript(other)
                }
            }
            let body = #"{"email":"ada@example.com","name":"Ada"}"#
            let response = try await api.ask("POST /api/users", body)
            #expect(response.status == .conflict)
            #expect(response.problem == "database-rule")
            #expect(!response.bodyText.contains("refuse") && !response.bodyText.contains("users_"))
        }
    }

    @Test func `tell of such a rule for balances, and let others through`() async throws {
        try await withAPI { api in
            let (user, other) = (try await api.newUser().rawValue, try await api.newUser().rawValue)
            try await api.pool.withConnection { connection in
                try await connection.runScript(
                    "ALTER TABLE credits ADD CONSTRAINT few CHECK (credits < 10)")
            }
            let body = #"{"amount":50}"#
            let refused = try await api.ask("POST /api/credits/\(user)/add", body)
            #expect(refused.status == .conflict)
            #expect(refused.problem == "database-rule")
            #expect(
                try await api.ask("POST /api/credits/\(other)/add", #"{"amount":5}"#).status == .ok)
        }
    }

    @Test func `delete nobody where it is only asked what would happen`() async throws {
        try await withAPI { api in
            let path = "/api/users/\(try await api.newUser().rawValue)"
            let response = try await api.ask("DELETE \(path)?dry_run=true")
            #expect(response.status == .unprocessableContent)
            #expect(response.text("detail") == "This call has no query parameters.")
            #expect(try await api.ask("GET \(path)").status == .ok)
            #expect(try await api.ask("DELETE \(path)?").status == .noContent)
        }
    }

    @Test func `list users page by page, each once`() async throws {
        try await withAPI { api in
            var ids: [Int64] = []
            for _ in 0..<7 { ids.append(try await api.newUser().rawValue) }
            var listed: [Int64] = []
            var query = "?limit=3"
            for count in [3, 3, 1] {
                let page = try await api.ask("GET /api/users\(query)")
                let users = try #require(page.users)
                #expect(users.count == count)
                listed += users
                query = page.text("next_cursor").map { "?limit=3&cursor=\($0)" } ?? "none"
            }
            #expect(listed == ids)
            #expect(query == "none")
            #expect(try await api.ask("GET /api/users").users == ids)
            #expect(try await api.ask("GET /api/users?limit=7").member("next_cursor") == .null)
        }
    }

    @Test func `list nobody where nobody is`() async throws {
        try await withAPI { api in
            let response = try await api.ask("GET /api/users/")
            #expect(response.bodyText == #"{"users":[],"next_cursor":null}"#)
        }
    }

    @Test(arguments: [
        ("limit=0", ["limit"]), ("limit=201", ["limit"]), ("limit=-1", ["limit"]),
        ("limit", ["limit"]),
        ("limit=ten", ["limit"]), ("limit=1.5", ["limit"]),
        ("limit=99999999999999999999", ["limit"]),
        ("limit=1&limit=2", ["limit"]), ("cursor=5", ["cursor"]), ("cursor=", ["cursor"]),
        ("page=2", ["page"]), ("offset=1&limit=0", ["offset", "limit"]), ("LIMIT=1", ["LIMIT"]),
        ("%00=1", ["\u{0}"]),
    ])
    func `refuse query parameters that are wrong or unknown`(
        query: String, places: [String]
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("GET /api/users?\(query)")
            #expect(response.status == .unprocessableContent)
            #expect(response.places == places, "\(response.bodyText)")
        }
    }
}

extension Response {
    /// The numbers of a page's users.
    fileprivate var users: [Int64]? {
        guard case .array(let users) = member("users") else { return nil }
        return users.compactMap { user in
            guard case .object(let user) = user, case .number(let number) = user["user_id"],
                case .exactly(let id) = number.wholeNumber
            else { return nil }
            return id
        }
    }
}
