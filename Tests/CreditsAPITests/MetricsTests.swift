import FoundationEssentials
import HTTP
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `The metrics` {
    private static let requests = "credits_http_requests_total"
    private static let writes = "credits_ledger_writes_total"

    @Test func `are Prometheus' text, with every family once and a help for each`() async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("GET /metrics")
            #expect(response.status == .ok)
            #expect(response.fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = try ExpositionReading(response.bodyText)
            #expect(metrics.families.map(\.name) == MetricFamily.allCases.map(\.rawValue))
            #expect(metrics.families.map(\.kind) == MetricFamily.allCases.map(\.kind.rawValue))
            #expect(metrics.families.allSatisfy { $0.help.hasSuffix(".") })
            #expect(metrics.value("credits_build_info", ["version": "1.2.3"]) == 1)
        }
    }

    @Test func `have counters that are named so, and histograms whose buckets add up`()
        async throws
    {
        try await withAPIWithoutDatabase { api in
            for _ in 0..<3 { _ = try await api.ask("GET /livez") }
            let metrics = try await api.metrics()
            for family in metrics.families {
                #expect(family.name.hasSuffix("_total") == (family.kind == "counter"))
                guard family.kind == "histogram" else { continue }
                #expect(!family.buckets.isEmpty)
                for (labels, buckets) in family.buckets {
                    let counts = buckets.map(\.count)
                    #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.bound < $1.bound })
                    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 })
                    #expect(buckets.last?.bound == .infinity)
                    #expect(metrics.value(family.name + "_count", labels) == counts.last)
                    #expect(metrics.value(family.name + "_sum", labels) != nil)
                }
            }
            let name = "credits_http_request_duration_seconds"
            #expect(metrics.value(name + "_count", ["operation": "getLiveness"]) == 3)
            let sum = try #require(metrics.value(name + "_sum", ["operation": "getLiveness"]))
            #expect(sum > 0 && sum < 60)
        }
    }

    @Test func `count each request under its operation, and never under its path`() async throws {
        try await withAPIWithoutDatabase { api in
            for call in [
                "GET /livez", "HEAD /livez", "POST /livez", "GET /nothing/secret-7", "OPTIONS *",
                "GET /api/credits/0", "GET /api/credits/77001", "GET /metrics",
            ] {
                _ = try await api.ask(call)
            }
            _ = api.responder.respond(to: .invalidMethod, head: nil)
            let response = try await api.ask("GET /metrics")
            let metrics = try ExpositionReading(response.bodyText)
            for (operation, status, count) in [
                ("getLiveness", "2xx", 2.0), ("getMetrics", "2xx", 1), ("getBalance", "4xx", 1),
                ("getBalance", "5xx", 1), ("none", "4xx", 3), ("none", "2xx", 1),
                ("addCredits", "2xx", 0),
            ] {
                let labels = ["operation": operation, "status": status]
                #expect(metrics.value(Self.requests, labels) == count, "\(labels)")
            }
            #expect(!response.bodyText.contains("secret"))
            #expect(!response.bodyText.contains("77001"))
            let series = metrics.families.flatMap(\.samples).count
            #expect(series < 25 * (RouteTable.routes.count + 1) + 100)
        }
    }

    @Test func `count what became of writes, and how they were batched`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let key: Fields = ["Idempotency-Key": "k"]
            for (call, body, fields) in [
                ("add", #"{"amount":5}"#, key), ("add", #"{"amount":5}"#, key),
                ("add", #"{"amount":6}"#, key), ("deduct", #"{"amount":9}"#, [:]),
                ("deduct?dry_run=true", #"{"amount":9}"#, [:]),
            ] as [(String, String, Fields)] {
                _ = try await api.ask("POST /api/credits/\(user)/\(call)", body, fields)
            }
            _ = try await api.ask("POST /api/credits/\(Int64.max)/add", #"{"amount":1}"#)
            _ = try await api.ask("GET /api/credits/\(user)")
            let metrics = try await api.metrics()
            for (outcome, count) in [
                ("applied", 1.0), ("replayed", 1), ("key_reused", 1), ("insufficient_credits", 1),
                ("dry_run", 1), ("user_not_found", 1), ("unavailable", 0), ("failed", 0),
            ] {
                #expect(metrics.value(Self.writes, ["outcome": outcome]) == count, "\(outcome)")
            }
            let size = "credits_ledger_batch_size"
            for (kind, count) in [("write", 6.0), ("read", 1)] {
                #expect(metrics.value(size + "_sum", ["kind": kind]) == count)
                #expect(metrics.value(size + "_count", ["kind": kind]) == count)
                #expect(metrics.value("credits_ledger_queue_waiting", ["kind": kind]) == 0)
            }
            #expect(metrics.value("credits_http_requests_in_flight") == 0)
        }
    }

    /// While a user's row is locked: one write is under way, and two wait for it.
    @Test func `show what waits`() async throws {
        var settings = LedgerSettings()
        settings.writeRounds = 1
        // Or the first is set aside before the others come, and nobody waits any more.
        settings.lockWait = .seconds(60)
        try await withAPI(ledger: settings) { api in
            let user = try await api.newUser(holding: 1).rawValue
            let pool = ["pool": "main", "state": "borrowed"]
            let (answers, answered) = AsyncStream.makeStream(of: Response.self)
            try await api.pool.withTransaction { connection in
                _ = try await connection.run(
                    "SELECT 1 FROM credits WHERE user_id = \(user) FOR UPDATE")
                let write: @Sendable () async throws -> Void = {
                    let path = "POST /api/credits/\(user)/add"
                    answered.yield(try await api.ask(path, #"{"amount":1}"#))
                }
                // The first is a round of its own before the others come.
                Task { try await write() }
                while api.service.connections[0].borrowed < 2 { await Task.yield() }
                for _ in 0..<2 { Task { try await write() } }
                while api.service.waitingWrites < 2 { await Task.yield() }
                let metrics = try await api.metrics()
                #expect(metrics.value("credits_ledger_queue_waiting", ["kind": "write"]) == 2)
                #expect(metrics.value("credits_http_requests_in_flight") == 3)
                #expect(metrics.value("credits_database_connections", pool) == 2)
            }
            for await _ in answers.prefix(3) {}
            let metrics = try await api.metrics()
            #expect(metrics.value("credits_ledger_queue_waiting", ["kind": "write"]) == 0)
            #expect(metrics.value("credits_http_requests_in_flight") == 0)
            #expect(metrics.value("credits_database_connections", pool) == 0)
        }
    }

    @Test func `lose no request of many at once`() async throws {
        try await withAPIWithoutDatabase { api in
            let target = try RequestTarget("/livez", for: .get)
            let request = Request(
                head: RequestHead(method: .get, target: target, fields: ["Host": "localhost"]))
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<500 { _ = api.responder.respond(to: request) }
                    }
                }
            }
            let labels = ["operation": "getLiveness"]
            let metrics = try await api.metrics()
            let duration = "credits_http_request_duration_seconds_count"
            #expect(metrics.value(duration, labels) == 4000)
            #expect(
                metrics.value(Self.requests, labels.merging(["status": "2xx"]) { $1 }) == 4000)
        }
    }

    @Test func `show how far the daily grant is`() async throws {
        try await withAPIWithoutDatabase { api in
            let gauges = api.service.counters.grants
            let day = "credits_daily_grant_day_timestamp_seconds"
            let settled = "credits_daily_grant_settled_timestamp_seconds"
            #expect(try await api.metrics().value(day) == nil)
            #expect(try await api.metrics().value(settled) == nil)
            let granted = try #require(CalendarDay("2026-11-22"))
            gauges.reached(granted, granted: 7, capped: 2, isDone: false)
            var metrics = try await api.metrics()
            #expect(metrics.value(day) == 1_795_305_600)
            #expect(metrics.value("credits_daily_grant_running") == 1)
            #expect(metrics.value("credits_daily_grant_users", ["result": "granted"]) == 7)
            #expect(metrics.value("credits_daily_grant_users", ["result": "capped"]) == 2)
            gauges.reached(granted, granted: 9, capped: 2, isDone: true)
            gauges.settled(granted.next)
            metrics = try await api.metrics()
            #expect(metrics.value("credits_daily_grant_running") == 0)
            #expect(metrics.value("credits_daily_grant_users", ["result": "granted"]) == 9)
            #expect(metrics.value(settled) == 1_795_392_000)
        }
    }

    @Test func `are described in the manual, all of them and no others`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let manual = try String(
            contentsOf: root.appending(path: "docs/operations.md"), encoding: .utf8)
        let rows = manual.matches(of: /\n\| `((?:credits|process)_[a-z_]+)`/).map { String($0.1) }
        #expect(rows == MetricFamily.allCases.map(\.rawValue))
    }
}

extension APIScene {
    fileprivate func metrics() async throws -> ExpositionReading {
        try ExpositionReading(try await ask("GET /metrics").bodyText)
    }
}

struct `A label's value` {
    @Test func `is escaped as the format wants it`() {
        var text = MetricsText()
        text.begin(.buildInfo)
        text.add(1, [("version", "a\\b\"c\nd")])
        let last = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").last
        #expect(last == #"credits_build_info{version="a\\b\"c\nd"} 1"#)
    }
}
