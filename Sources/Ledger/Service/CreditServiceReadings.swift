import Postgres

/// The connections of one pool at a moment.
package struct ConnectionReading: Hashable, Sendable {
    package let pool: String
    package let idle: Int
    package let borrowed: Int
    package let opening: Int
    /// Callers that wait for one.
    package let waiting: Int
}

// What can be read at any time, from any thread, and without asking the database.
extension CreditService {
    /// Commands that wait for the next batch of their lane.
    package var waitingWrites: Int { lanes.reduce(0) { $0 + $1.waitingNow } }

    /// Balance reads that wait for the next round.
    package var waitingReads: Int { reads.waitingNow }

    package var connections: [ConnectionReading] {
        [("main", gauges.main), ("schema", gauges.schema)].map { name, gauge in
            let counts = gauge.counts
            return ConnectionReading(
                pool: name, idle: counts.idle, borrowed: counts.borrowed, opening: counts.opening,
                waiting: counts.waiting)
        }
    }
}
