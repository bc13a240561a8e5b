import Glibc
import Ledger
import PrivatePostgres
import TestSupport
import Testing

/// Days whose process is killed, and what the database shows afterwards.
///
/// A process is made to wait where it is to be killed, by a lock that the test holds: so the point
/// is hit whatever else the machine does. Only a kill at a random moment is left to chance.
struct GrantKillScene {
    enum Point: CustomStringConvertible {
        /// So many chunks are granted, and somebody else holds the others.
        case after(chunks: Int)
        /// At a user's entry, in the midst of the statement that writes its chunk.
        case inside(user: Int)
        /// At the last look: every chunk is granted, and a user behind the division is left.
        case lastLook
        case moment(Duration)

        /// Each kind in its turn.
        static func drawn(_ number: Int, using random: inout SeededGenerator) -> Point {
            switch number % 4 {
            case 0: .after(chunks: .random(in: 1..<chunks, using: &random))
            case 1: .inside(user: .random(in: 2...users, using: &random))
            case 2: .lastLook
            default: .moment(.microseconds(Int.random(in: 0...100_000, using: &random)))
            }
        }

        /// What a kill there must leave behind; nil where that is left to chance.
        var trace: Trace? {
            switch self {
            case .after: .betweenChunks
            case .inside: .insideChunk
            case .lastLook: .beforeDone
            case .moment: nil
            }
        }

        /// Whether the process waits for a lock there.
        var isAtLock: Bool {
            switch self {
            case .inside, .lastLook: true
            case .after, .moment: false
            }
        }

        var description: String {
            switch self {
            case .after(let chunks): "after \(chunks) chunks"
            case .inside(let user): "at user \(user)"
            case .lastLook: "at the last look"
            case .moment(let pause): "after \(pause)"
            }
        }
    }

    /// What the database shows of a day whose process is dead.
    enum Trace: Hashable {
        case notBegun
        /// Transaction ids were drawn for entries that do not exist: their chunk was undone.
        case insideChunk
        case betweenChunks
        /// Nothing is left of the chunks, and the day is not marked.
        case beforeDone
        case done
    }

    /// In each of four databases, side by side.
    static let days = 25
    static let users = 41
    static let chunks = 8
    private static let chunkSize = 5

    private let database: TestDatabase
    private let settings: [String: String]

    /// User 1 is for the last look.
    init(_ database: TestDatabase) async throws {
        self.database = database
        settings = [
            "DATABASE_URL": database.target, "GRANT_CHUNK_SIZE": "\(Self.chunkSize)",
            "DATABASE_POOL_SIZE": "2",
        ]
        _ = try await RunningServer.run(["migrate"], settings)
        try await database.run(
            """
            INSERT INTO users (email, name, created_at)
            SELECT 'u' || n || '@example.com', 'U', '2020-01-01'
            FROM generate_series(1, \(Self.users)) n;
            INSERT INTO credits (user_id) SELECT user_id FROM users;
            \(Self.waitingAtUsers)
            """)
    }

    /// A chunk passes by balances that stay locked. So it is made to wait where a user's entry is
    /// written, for the lock of that user's number, again and again.
    private static let waitingAtUsers = """
        CREATE FUNCTION wait_at_user() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          LOOP
            BEGIN
              PERFORM pg_advisory_xact_lock_shared(NEW.user_id);
              RETURN NEW;
            EXCEPTION WHEN lock_not_available THEN
              -- Once more.
            END;
          END LOOP;
        END
        $$;
        CREATE TRIGGER wait_at_user BEFORE INSERT ON credit_transactions
          FOR EACH ROW EXECUTE FUNCTION wait_at_user();
        """

    func kill(on day: CalendarDay, at point: Point) async throws -> Trace {
        let holder = try DirectConnection(database.target)
        try holder.run(Self.preparation(of: day, for: point))
        try holder.run("BEGIN")
        try holder.run(Self.lock(on: day, for: point))
        let program = try await TestProgram.launch(
            try TestProgram.product("credits"), ["grant", "--day", "\(day)"],
            environment: settings)
        // A transaction sees the sessions as they were when it first looked.
        let looker = try DirectConnection(database.target)
        try await waitUntilThere(point, on: day, looker)
        program.signal(SIGKILL)
        _ = try await program.end()
        // Who waits for the holder cannot go before him. Anybody else might, from what the process
        // sent last, take the chunks that he lets go.
        if !point.isAtLock { try await waitUntilGone(beside: holder, looker) }
        try holder.run("ROLLBACK")
        try await waitUntilGone(beside: holder, looker)
        return try trace(on: day, looker)
    }

    /// The day as it stands when its process starts.
    private static func preparation(of day: CalendarDay, for point: Point) -> String {
        let row = "INSERT INTO daily_grants (day, amount, status, last_user_id) VALUES"
        switch point {
        case .after:
            return """
                \(row) ('\(day)', 5, 'running', \(users));
                INSERT INTO grant_chunks (schedule, day, first_user_id, last_user_id)
                SELECT 'daily', '\(day)', n, n + \(chunkSize - 1)
                FROM generate_series(2, \(users), \(chunkSize)) n;
                """
        case .lastLook: return "\(row) ('\(day)', 5, 'running', 1)"
        case .inside, .moment: return "\(row) ('\(day)', 5, 'pending', 0)"
        }
    }

    private static func lock(on day: CalendarDay, for point: Point) -> String {
        switch point {
        case .after(let chunks):
            """
            SELECT FROM grant_chunks
            WHERE day = '\(day)' AND first_user_id >= \(2 + chunks * chunkSize) FOR UPDATE
            """
        case .inside(let user): "SELECT pg_advisory_xact_lock(\(user))"
        case .lastLook: "SELECT FROM credits WHERE user_id = 1 FOR UPDATE"
        case .moment: "SELECT"
        }
    }

    private func waitUntilThere(
        _ point: Point, on day: CalendarDay, _ looker: DirectConnection
    ) async throws {
        switch point {
        case .after(let chunks):
            try await wait(
                until: """
                    SELECT count(*) = \(chunks * Self.chunkSize) FROM credit_transactions
                    WHERE grant_day = '\(day)'
                    """, looker)
        case .inside, .lastLook:
            try await wait(
                until: """
                    SELECT count(*) > 0 FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """, looker)
        case .moment(let pause): try await Task.sleep(for: pause)
        }
    }

    /// PostgreSQL's side of the dead process ends when it has read what was sent.
    private func waitUntilGone(
        beside holder: DirectConnection, _ looker: DirectConnection
    ) async throws {
        let pid = try #require(try holder.run("SELECT pg_backend_pid()")[0][0])
        try await wait(
            until: """
                SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database()
                AND pid NOT IN (pg_backend_pid(), \(pid)) AND backend_type = 'client backend'
                """, looker)
    }

    private func trace(on day: CalendarDay, _ looker: DirectConnection) throws -> Trace {
        let rows = try looker.run(
            """
            SELECT g.status, (SELECT last_value FROM credit_transaction_ids)
                    > (SELECT coalesce(max(transaction_id), 0) FROM credit_transactions),
                g.last_user_id < \(Self.users) OR EXISTS (SELECT FROM grant_chunks c
                    WHERE c.day = g.day AND c.granted IS NULL)
            FROM daily_grants g WHERE g.day = '\(day)'
            """)
        switch (rows[0][0], rows[0][1], rows[0][2]) {
        case ("pending", _, _): return .notBegun
        case ("done", _, _): return .done
        case (_, "t", "t"): return .insideChunk
        case (_, _, "t"): return .betweenChunks
        default: return .beforeDone
        }
    }

    private func wait(until question: String, _ looker: DirectConnection) async throws {
        let isSo = try await eventually(pause: .milliseconds(2)) {
            try looker.run(question) == [["t"]]
        }
        try #require(isSo, "\(question)")
    }

    func finishAll() async throws {
        let result = try await RunningServer.run(["grant"], settings)
        try #require(result.exit == .code(0), "\(result.errors)")
    }

    func expectComplete() async throws {
        let all = "\(Self.days * Self.users)"
        let found = try await database.run(
            """
            SELECT count(*), count(DISTINCT (user_id, grant_day)), count(DISTINCT grant_day),
                (SELECT sum(granted) FROM daily_grants WHERE status = 'done' AND capped = 0),
                (SELECT count(*) FROM credits WHERE credits = \(5 * Self.days)),
                (SELECT count(*) FROM grant_chunks)
            FROM credit_transactions
            """)
        #expect(found == [[all, all, "\(Self.days)", all, "\(Self.users)", "0"]])
        #expect(try await RunningServer.run(["verify"], settings).exit == .code(0))
    }
}
