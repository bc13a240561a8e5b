/// Every family of metrics there is, in the order in which they are shown.
enum MetricFamily: String, CaseIterable {
    enum Kind: String {
        case counter, gauge, histogram
    }

    case buildInfo = "credits_build_info"
    case requests = "credits_http_requests_total"
    case requestDuration = "credits_http_request_duration_seconds"
    case requestsInFlight = "credits_http_requests_in_flight"
    case connections = "credits_http_connections_open"
    case writes = "credits_ledger_writes_total"
    case batchSize = "credits_ledger_batch_size"
    case queue = "credits_ledger_queue_waiting"
    case retries = "credits_ledger_batch_retries_total"
    case pool = "credits_database_connections"
    case poolWaiting = "credits_database_connection_waiters"
    case grantSettled = "credits_daily_grant_settled_timestamp_seconds"
    case grantDay = "credits_daily_grant_day_timestamp_seconds"
    case grantRunning = "credits_daily_grant_running"
    case grantUsers = "credits_daily_grant_users"
    case startTime = "process_start_time_seconds"
    case processorTime = "process_cpu_seconds_total"
    case residentMemory = "process_resident_memory_bytes"
    case descriptors = "process_open_fds"

    var kind: Kind {
        switch self {
        case .requests, .writes, .retries, .processorTime: .counter
        case .requestDuration, .batchSize: .histogram
        case .buildInfo, .requestsInFlight, .connections, .queue, .pool, .poolWaiting,
            .grantSettled, .grantDay, .grantRunning, .grantUsers, .startTime, .residentMemory,
            .descriptors:
            .gauge
        }
    }

    /// One line, which ends with a full stop.
    var help: String {
        switch self {
        case .buildInfo: "Always 1; the label is the version that runs."
        case .requests: "Answers, by operation and class of status; none: no operation was reached."
        case .requestDuration: "From a whole request to its answer, by operation."
        case .requestsInFlight: "Requests whose answer waits for the database."
        case .connections: "Connections of clients."
        case .writes: "Writes to balances, by what became of them."
        case .batchSize: "Commands a batch of writes, or users a round of balance reads."
        case .queue: "Commands or reads that wait for the next batch."
        case .retries: "Batches of writes that were tried again, once for each further try."
        case .pool: "Connections to PostgreSQL, by pool and state."
        case .poolWaiting: "Callers that wait for a connection to PostgreSQL."
        case .grantSettled: "The midnight UTC of the day up to which no daily grant is due."
        case .grantDay: "The midnight UTC of the daily grant that this process ran last, or runs."
        case .grantRunning: "Whether this process is granting that day."
        case .grantUsers: "Users whom that day's grant has reached: granted in full, or capped."
        case .startTime: "When the process started, in seconds since the Unix epoch."
        case .processorTime: "Processor time of the process, user and system."
        case .residentMemory: "Resident memory of the process."
        case .descriptors: "Open file descriptors."
        }
    }
}
