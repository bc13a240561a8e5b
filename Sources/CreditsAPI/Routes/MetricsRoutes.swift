import HTTP

/// The part of the table that monitoring asks.
extension RouteTable {
    static let metrics: [Route] = [
        Route(
            method: .get, path: "/metrics",
            operationID: "getMetrics", tag: .operations,
            summary: "Metrics for Prometheus",
            description: "Requests, writes, batches, connections, the daily grant and the process, "
                + "in Prometheus' text format, version 0.0.4. They are read from memory: a scrape "
                + "asks no database. All counters begin with the process.",
            responses: [.document("The metrics.", mediaType: "text/plain", headers: [])],
            handler: .immediate(MetricsEndpoint.metrics))
    ]
}
