import TestSupport
import Testing

/// What only the real process can tell of itself.
struct MetricsServeTests {
    @Test func `a running server tells of its process, its connections and its grants`()
        async throws
    {
        try await withServer { server, _ in
            _ = try await server.send(
                "POST", "/api/users", #"{"email":"a@example.com","name":"A"}"#)
            // The grant timer asks by itself, soon after the start.
            let isSettled = try await eventually {
                try await samples(of: server)["credits_daily_grant_settled_timestamp_seconds"]
                    != nil
            }
            #expect(isSettled)
            let metrics = try await samples(of: server)
            for (name, least) in [
                ("credits_http_connections_open", 1.0), ("process_open_fds", 5),
                ("process_resident_memory_bytes", 1_000_000), ("process_cpu_seconds_total", 0.001),
                ("process_start_time_seconds", 1_700_000_000),
                ("credits_daily_grant_settled_timestamp_seconds", 1_700_000_000),
                (#"credits_http_requests_total{operation="createUser",status="2xx"}"#, 1),
            ] {
                let value = try #require(metrics[name], "\(name)")
                #expect(value >= least, "\(name)")
            }
        }
    }

    /// The samples by series.
    private func samples(of server: RunningServer) async throws -> [String: Double] {
        let answer = try await server.send("GET", "/metrics")
        #expect(answer.status == 200)
        var samples: [String: Double] = [:]
        for line in answer.body.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            samples[String(words[0])] = Double(words[1])
        }
        return samples
    }
}
