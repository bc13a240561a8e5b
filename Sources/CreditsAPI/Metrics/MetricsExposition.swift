import HTTP
import Ledger

/// All metrics at a moment, as text. Everything is read from memory, and nobody waits.
struct MetricsExposition: Sendable {
    let requests: RequestMetrics
    let service: CreditService
    let probe: ProcessProbe
    let version: String

    func render() -> [UInt8] {
        let process = probe.read()
        var text = MetricsText()
        text.begin(.buildInfo)
        text.add(1, [("version", version)])
        addRequests(to: &text)
        text.begin(.connections)
        if let connections = process.openConnections { text.add(connections) }
        addLedger(to: &text)
        addPools(to: &text)
        addGrants(to: &text)
        addProcess(process, to: &text)
        return text.bytes
    }

    private func addRequests(to text: inout MetricsText) {
        let meters = requests.meters
        text.begin(.requests)
        for meter in meters {
            for digit in OperationMeter.classes {
                text.add(
                    meter.count(ofClass: digit),
                    [("operation", meter.operationID), ("status", "\(digit)xx")])
            }
        }
        text.begin(.requestDuration)
        let bounds = RequestDuration.bounds.map { "\($0.seconds)" }
        for meter in meters {
            let reading = meter.durations.reading
            text.add(
                bounds: bounds, counts: reading.counts,
                sum: "\(RequestDuration.seconds(reading.sum))",
                [("operation", meter.operationID)])
        }
        text.begin(.requestsInFlight)
        text.add(requests.inFlight)
    }

    private func addLedger(to text: inout MetricsText) {
        let counters = service.counters
        text.begin(.writes)
        for fate in WriteFate.allCases {
            text.add(counters.count(of: fate), [("outcome", fate.label)])
        }
        text.begin(.batchSize)
        for (kind, histogram) in [
            ("write", counters.writeBatches), ("read", counters.readBatches),
        ] {
            let reading = histogram.reading
            text.add(
                bounds: histogram.bounds.map(String.init), counts: reading.counts,
                sum: "\(reading.sum)", [("kind", kind)])
        }
        text.begin(.queue)
        text.add(service.waitingWrites, [("kind", "write")])
        text.add(service.waitingReads, [("kind", "read")])
        text.begin(.retries)
        text.add(counters.retries)
    }

    private func addPools(to text: inout MetricsText) {
        let pools = service.connections
        text.begin(.pool)
        for pool in pools {
            text.add(pool.idle, [("pool", pool.pool), ("state", "idle")])
            text.add(pool.borrowed, [("pool", pool.pool), ("state", "borrowed")])
            text.add(pool.opening, [("pool", pool.pool), ("state", "opening")])
        }
        text.begin(.poolWaiting)
        for pool in pools { text.add(pool.waiting, [("pool", pool.pool)]) }
    }

    private func addGrants(to text: inout MetricsText) {
        let progress = service.counters.grants.progress
        text.begin(.grantSettled)
        if let day = service.counters.grants.lastSettledDay { text.add(day.unixSeconds) }
        text.begin(.grantDay)
        if let progress { text.add(progress.day.unixSeconds) }
        text.begin(.grantRunning)
        text.add(progress?.isRunning == true ? 1 : 0)
        text.begin(.grantUsers)
        text.add(progress?.granted ?? 0, [("result", "granted")])
        text.add(progress?.capped ?? 0, [("result", "capped")])
    }

    private func addProcess(_ process: ProcessReading, to text: inout MetricsText) {
        text.begin(.startTime)
        if let startTime = process.startTime { text.add(startTime) }
        text.begin(.processorTime)
        if let seconds = process.cpuSeconds { text.add(seconds) }
        text.begin(.residentMemory)
        if let bytes = process.residentBytes { text.add(bytes) }
        text.begin(.descriptors)
        if let count = process.openDescriptors { text.add(count) }
    }
}

extension CalendarDay {
    fileprivate var unixSeconds: Int { Int(daysSinceUnixEpoch) * 86_400 }
}

extension WriteFate {
    /// `insufficientCredits` as `insufficient_credits`.
    fileprivate var label: String {
        "\(self)".reduce(into: "") { text, character in
            if character.isUppercase { text += "_" }
            text += character.lowercased()
        }
    }
}
