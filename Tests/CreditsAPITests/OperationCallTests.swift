import HTTP
import Logging
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `The operations calls` {
    private static let readiness = ["/readyz", "/healthz", "/health"]

    @Test func `say that all is well`() async throws {
        try await withAPI { api in
            for path in Self.readiness + ["/livez"] {
                let response = try await api.ask("GET \(path)")
                #expect(response.status == .ok)
                #expect(response.text("status") == "ok")
                #expect(response.text("version") == "1.2.3")
            }
        }
    }

    @Test func `say that the database is away, while the process is alive`() async throws {
        try await withAPIWithoutDatabase { api in
            for path in Self.readiness {
                let response = try await api.ask("GET \(path)")
                #expect(response.status == .serviceUnavailable)
                #expect(response.problem == "not-ready")
                #expect(response.member("missing") == ["database"])
                #expect(response.fields["Retry-After"] != nil)
            }
            #expect(try await api.ask("GET /livez").status == .ok)
        }
    }

    @Test func `say that tables are missing`() async throws {
        try await withAPI(isMigrated: false) { api in
            let response = try await api.ask("GET /readyz")
            #expect(response.status == .serviceUnavailable)
            #expect(response.member("missing") == ["schema"])
        }
    }

    @Test func `say that the instance is draining`() async throws {
        try await withAPI(isDraining: true) { api in
            let response = try await api.ask("GET /readyz")
            #expect(response.status == .serviceUnavailable)
            #expect(response.member("missing") == ["draining"])
            #expect(try await api.ask("GET /livez").status == .ok)
        }
    }
}

struct `A fault of ours` {
    @Test func `tells the log, and not the client`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 1).rawValue
            try await api.pool.withConnection { connection in
                try await connection.runScript(
                    """
                    CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql
                        AS $$ BEGIN RAISE 'the inside' USING ERRCODE = 'XX000'; END $$;
                    CREATE TRIGGER break BEFORE INSERT OR UPDATE ON credits
                        FOR EACH ROW EXECUTE FUNCTION break();
                    """)
            }
            let path = "POST /api/credits/\(user)/add"
            let response = try await api.ask(path, #"{"amount":1}"#)
            #expect(response.status == .internalServerError)
            #expect(response.problem == "internal-error")
            #expect(!response.bodyText.contains("the inside"))
            #expect(!response.bodyText.contains("XX000"))
            let line = api.log.lines.first { $0.level == .error && $0.metadata["cause"] != nil }
            #expect(line?.metadata["request_id"] == response.fields["X-Request-Id"])
            #expect(line?.metadata["cause"]?.contains("XX000") == true)
        }
    }

    @Test(arguments: [
        (LedgerError.unavailable, 503, "unavailable"), (.overloaded, 503, "overloaded"),
        (.outcomeUnknown, 503, "outcome-unknown"),
        (.forbidden("inside"), 409, "database-rule"), (.failed("inside"), 500, "internal-error"),
    ])
    func `and of the database have their problems`(error: LedgerError, status: Int, slug: String) {
        let response = Problem(error).response(instance: "/x", requestID: "id")
        #expect(response.status.code == status)
        #expect(response.problem == slug)
        #expect((response.fields["Retry-After"] != nil) == (status == 503))
        #expect(!response.bodyText.contains("inside"))
    }

    /// While a user's row is locked no write ends: of three, one is under way, one waits, and there
    /// is no room for the third.
    @Test func `is none where too many wait`() async throws {
        var settings = LedgerSettings()
        settings.queueDepth = 1
        settings.writeRounds = 1
        try await withAPI(ledger: settings) { api in
            let user = try await api.newUser(holding: 1).rawValue
            let (answers, answered) = AsyncStream.makeStream(of: Response.self)
            let refused = try await api.pool.withTransaction { connection -> Response? in
                _ = try await connection.run(
                    "SELECT 1 FROM credits WHERE user_id = \(user) FOR UPDATE")
                for _ in 0..<3 {
                    Task {
                        let path = "POST /api/credits/\(user)/add"
                        answered.yield(try await api.ask(path, #"{"amount":1}"#))
                    }
                }
                return await answers.first { _ in true }
            }
            #expect(refused?.status == .serviceUnavailable)
            #expect(refused?.problem == "overloaded")
            // The rest ends once the row is free.
            for await _ in answers.prefix(2) {}
        }
    }
}

struct `The access log` {
    @Test func `has a line for each request`() async throws {
        try await withAPIWithoutDatabase { api in
            let fields: Fields = ["X-Request-Id": "mine"]
            _ = try await api.ask("POST /api/credits/0/add", nil, fields)
            let line = try #require(api.log.lines.first { $0.message == "request" })
            #expect(line.metadata["method"] == "POST")
            #expect(line.metadata["path"] == "/api/credits/0/add")
            #expect(line.metadata["status"] == "422")
            #expect(line.level == .debug)
            #expect(line.metadata["request_id"] == "mine")
            #expect(line.metadata["duration_us"].flatMap { Int($0) } != nil)
        }
    }

    @Test func `has the failures of the service at the usual level`() async throws {
        try await withAPIWithoutDatabase { api in
            #expect(
                try await api.ask("GET /readyz", nil, ["X-Request-Id": "mine"]).status.code == 503)
            let line = try #require(api.log.lines.first { $0.message == "request" })
            #expect(line.level == .info)
            #expect(line.metadata["request_id"] == "mine")
        }
    }
}
