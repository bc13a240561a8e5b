import HTTP
import HTTPServer
import Ledger
import Postgres

/// The rows of the limits. Each limit's reason stands where the limit is declared.
extension SettingsTable {
    @SettingRows static var serverLimits: [Setting] {
        Setting(
            "HTTP_MAX_CONNECTIONS", \.server.connections, .integer(1...1_000_000),
            "Connections open at once; more are refused with 503.")
        Setting(
            "HTTP_MAX_CONNECTIONS_PER_ADDRESS", \.server.connectionsPerAddress,
            .integer(1...1_000_000),
            "Connections open at once from one address (IPv6: from one /64).")
        Setting(
            "HTTP_MAX_REFUSALS", \.server.refusals, .integer(0...100_000),
            "Connections over the limits that are told so at once; more are closed silently.")
        Setting(
            "HTTP_BACKLOG", \.server.backlog, .integer(1...65_535),
            "Connections that the kernel keeps waiting for us (listen(2)).")
        Setting(
            "HTTP_ACCEPT_PAUSE", \.server.acceptPause,
            .duration(.milliseconds(1) ... .seconds(60)),
            "How long accepting rests when no file descriptor is left.")
        Setting(
            "HTTP_HEAD_DEADLINE", \.server.headDeadline, .duration(.deadline),
            "From a request's first byte to the end of its head.")
        Setting(
            "HTTP_BODY_GRACE", \.server.bodyPace.grace, .duration(.deadline),
            "Time for a request's body, before HTTP_BODY_RATE adds to it.")
        Setting(
            "HTTP_BODY_RATE", \.server.bodyPace.bytesPerSecond, .byteSize(1...(1 << 30)),
            "Bytes that a client sends in a second at least, once the grace is used up.")
        Setting(
            "HTTP_IDLE_DEADLINE", \.server.idleDeadline, .duration(.deadline),
            "How long a connection may be kept open before a request.")
        Setting(
            "HTTP_WRITE_GRACE", \.server.writePace.grace, .duration(.deadline),
            "Time for a client to take an answer, before HTTP_WRITE_RATE adds to it.")
        Setting(
            "HTTP_WRITE_RATE", \.server.writePace.bytesPerSecond, .byteSize(1...(1 << 30)),
            "Bytes that a client takes in a second at least, once the grace is used up.")
        Setting(
            "HTTP_MAX_LARGE_BODIES_SIZE", \.server.largeBodyBytes, .byteSize(1024...(1 << 40)),
            "Bodies over 16 KiB that arrive together, a quarter from one address; else 503."
        )
        Setting(
            "HTTP_MAX_UNSENT_SIZE", \.server.unsentBytes, .byteSize(4096...(1 << 30)),
            "Bytes of its answers that the kernel keeps for a client that does not read.")
        Setting(
            "HTTP_ACKNOWLEDGE_DEADLINE", \.server.acknowledgeDeadline, .duration(.deadline),
            "How long a client may leave bytes of its answers unacknowledged or take none.")
        Setting(
            "HTTP_LINGER_DEADLINE", \.server.lingerDeadline, .duration(.deadline),
            "How long a client may go on sending after its last answer.")
        Setting(
            "HTTP_MAX_LINGER_SIZE", \.server.lingerBytes, .byteSize(0...(1 << 40)),
            "How much a client may go on sending after its last answer.")
        Setting(
            "HTTP_DRAIN_GRACE", \.server.drainGrace, .duration(.zero ... .seconds(60)),
            "How long a stopping server waits for requests that may be on their way.")
        Setting(
            "HTTP_DRAIN_DEADLINE", \.server.drainDeadline, .duration(.deadline),
            "How long a stopping server waits for answers that are on their way.")
    }

    @SettingRows static var messageLimits: [Setting] {
        Setting(
            "HTTP_MAX_EMPTY_LINES", \.server.message.emptyLines, .integer(0...1000),
            "Empty lines that may come before a request line.")
        Setting(
            "HTTP_MAX_METHOD_SIZE", \.server.message.methodBytes, .byteSize(7...1024),
            "Longest method.")
        Setting(
            "HTTP_MAX_TARGET_SIZE", \.server.message.targetBytes, .byteSize(256...(1 << 20)),
            "Longest request target; a longer one gets 414.")
        Setting(
            "HTTP_MAX_HEADER_SIZE", \.server.message.headerBytes, .byteSize(1024...(1 << 20)),
            "All header lines of a request together; more gets 431.")
        Setting(
            "HTTP_MAX_FIELDS", \.server.message.fieldCount, .integer(8...10_000),
            "Header lines of a request; more gets 431.")
        Setting(
            "HTTP_MAX_BODY_SIZE", \.server.message.bodyBytes, .byteSize(1024...(1 << 30)),
            "Longest body; a longer one gets 413.")
        Setting(
            "HTTP_MAX_CHUNK_EXTENSION_SIZE", \.server.message.chunkExtensionBytes,
            .byteSize(0...(1 << 20)),
            "Chunk extensions of one body together.")
        Setting(
            "HTTP_MAX_TRAILER_SIZE", \.server.message.trailerBytes, .byteSize(0...(1 << 20)),
            "Trailer fields of one body together.")
        Setting(
            "HTTP_MAX_REQUESTS_PER_CONNECTION", \.server.message.requestsPerConnection,
            .integer(1...1_000_000_000),
            "Requests after which a connection is closed, with the last answer.")
    }

    @SettingRows static var connectionLimits: [Setting] {
        Setting(
            "DATABASE_CONNECT_TIMEOUT", \.pool.connectTimeout, .duration(.deadline),
            "Time for one connection attempt: name, network, TLS and login together.")
        Setting(
            "DATABASE_STATEMENT_DEADLINE", \.pool.statementDeadline,
            .optional(.duration(.deadline)),
            "Time for one statement; it is cancelled when the time is up.")
        Setting(
            "DATABASE_CANCEL_GRACE", \.pool.cancelGrace, .duration(.deadline),
            "Time for the database to confirm that a statement was cancelled.")
        Setting(
            "DATABASE_POOL_WAIT", \.pool.waitLimit, .duration(.deadline),
            "How long a request waits for a connection to come free before it gets 503.")
        Setting(
            "DATABASE_PREPARED_STATEMENTS", \.pool.preparesStatements, .toggle,
            "Prepare statements on the server; given up by itself behind a pooler that loses them.")
        Setting(
            "DATABASE_RETRY_FIRST", \.pool.backoff.first, .duration(.deadline),
            "Pause after the first failed connection attempt; it doubles with each further one.")
        Setting(
            "DATABASE_RETRY_LONGEST", \.pool.backoff.limit, .duration(.deadline),
            "Longest pause between two connection attempts.")
        Setting(
            "DATABASE_IDLE_CHECK_AFTER", \.pool.idleCheckAfter, .duration(.deadline),
            "A connection that was unused for so long is tried before it is used.")
        Setting(
            "DATABASE_IDLE_CHECK_DEADLINE", \.pool.idleCheckDeadline, .duration(.deadline),
            "Time for that trial.")
        Setting(
            "DATABASE_IDLE_LIFETIME", \.pool.idleLifetime,
            .duration(.seconds(1) ... .seconds(86_400)),
            "A connection that was unused for so long is closed.")
    }

    @SettingRows static var stopLimits: [Setting] {
        Setting(
            "DATABASE_CLOSE_DEADLINE", \.databaseCloseDeadline, .duration(.deadline),
            "How long a stopping server, done with its clients, waits for statements to end.")
    }

    @SettingRows static var ledgerLimits: [Setting] {
        Setting(
            "LEDGER_WRITE_LANES", \.ledger.writeLanes, .integer(1...64),
            "Writers that users are spread over; each has connections of its own.")
        Setting(
            "LEDGER_WRITE_ROUNDS", \.ledger.writeRounds, .integer(1...64),
            "Commits of few additions and deductions that a writer has under way at the same time.")
        Setting(
            "LEDGER_READ_ROUNDS", \.ledger.readRounds, .integer(1...64),
            "Statements that read balances at the same time, each on a connection of its own.")
        Setting(
            "LEDGER_BATCH_SIZE", \.ledger.batchSize, .integer(1...65_536),
            "Writes that share one commit, and balances that one statement reads, at most.")
        Setting(
            "LEDGER_QUEUE_DEPTH", \.ledger.queueDepth, .integer(1...1_000_000),
            "Writes that may wait for one writer, or reads; what comes beyond gets 503 at once.")
        Setting(
            "LEDGER_ATTEMPTS", \.ledger.attempts, .integer(1...100),
            "Tries of a batch that meets deadlocks or other instances' writes.")
        Setting(
            "LEDGER_LOCK_WAIT", \.ledger.lockWait, .duration(.deadline),
            "How long a batch of writes waits for a row that somebody else has locked.")
        Setting(
            "LEDGER_LOCK_PATIENCE", \.ledger.lockPatience, .duration(.deadline),
            "How long writes to a user whose row stays locked wait for it, by themselves.")
        Setting(
            "LEDGER_OUTCOME_DEADLINE", \.ledger.outcomeDeadline, .duration(.deadline),
            "How long to find out whether a commit happened after its connection was lost.")
        Setting(
            "GRANT_CHUNK_SIZE", \.ledger.grants.chunkSize, .integer(1...1_000_000),
            "Users whom a grant reaches in one transaction at most; fewer where that takes long.")
        Setting(
            "SCHEMA_LOCK_TIMEOUT", \.schemaChanges.lockTimeout, .duration(.deadline),
            "How long a schema change may wait for a lock, and hold up the traffic behind it.")
        Setting(
            "SCHEMA_STATEMENT_TIMEOUT", \.schemaChanges.statementTimeout, .duration(.deadline),
            "How long a schema change may run.")
        Setting(
            "SCHEMA_MAX_SQL_SIZE", \.schemaChanges.sqlBytes, .byteSize(1024...(1 << 30)),
            "Longest SQL of a schema change, which is kept with its record.")
        Setting(
            "SCHEMA_RETRY_PAUSE", \.schemaChanges.retryPause, .duration(.deadline),
            "Pause before a schema change that found a lock is retried; it doubles each time.")
    }
}

extension ClosedRange<Duration> {
    /// What a deadline may sensibly be.
    fileprivate static var deadline: Self { .milliseconds(10) ... .seconds(3600) }
}
