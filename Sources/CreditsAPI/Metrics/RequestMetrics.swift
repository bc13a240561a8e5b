import HTTP
import Ledger
import Synchronization

/// What is counted of the requests of one operation.
///
/// Each operation has its counters from the start, and a request carries a reference to them: to
/// count it is three additions, without a lock, without memory and without a text.
final class OperationMeter: Sendable {
    /// The label; a name of the route table, so that there are as many series as routes.
    let operationID: String
    let durations = Histogram(upTo: RequestDuration.bounds.map(\.ticks))
    private let statuses: InlineArray<4, Atomic<Int>> = InlineArray { _ in Atomic(0) }

    init(_ operationID: String) {
        self.operationID = operationID
    }

    /// 2xx to 5xx: no answer is a 1xx.
    static let classes = 2...5

    func record(_ status: Status, after elapsed: Duration) {
        let place = min(max(status.code / 100, Self.classes.lowerBound), Self.classes.upperBound)
        statuses[place - Self.classes.lowerBound].wrappingAdd(1, ordering: .relaxed)
        durations.record(RequestDuration.ticks(elapsed))
    }

    func count(ofClass digit: Int) -> Int {
        statuses[digit - Self.classes.lowerBound].load(ordering: .relaxed)
    }
}

/// The counters of all operations.
final class RequestMetrics: Sendable {
    /// Requests that came to no operation: nothing at the path, no such method, no HTTP at all.
    let unrouted = OperationMeter("none")
    private let operations: [OperationMeter]
    private let waiting = Atomic<Int>(0)

    init(_ operations: [OperationMeter]) {
        self.operations = operations
    }

    var meters: [OperationMeter] { operations + [unrouted] }

    /// Requests whose answer waits for the database.
    var inFlight: Int { waiting.load(ordering: .relaxed) }

    func beginsToWait() {
        waiting.wrappingAdd(1, ordering: .relaxed)
    }

    func endsToWait() {
        waiting.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// Durations as they are counted: in ticks of 2^30 attoseconds, about a nanosecond. A shift makes
/// them, where a division of 128 bits would cost as much as all the rest.
enum RequestDuration {
    private static let attosecondsATick = Double(1 << 30)

    static func ticks(_ duration: Duration) -> Int {
        Int(truncatingIfNeeded: duration.attoseconds >> 30)
    }

    static func seconds(_ ticks: Int) -> Double {
        Double(ticks) * attosecondsATick / 1e18
    }

    /// From a balance that is read on an idle machine to what no client waits for.
    static let bounds: [(seconds: Double, ticks: Int)] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ].map { (seconds: $0, ticks: Int($0 * 1e18 / attosecondsATick)) }
}
