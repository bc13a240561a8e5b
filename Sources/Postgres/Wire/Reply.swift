import CPostgres

/// One step of the server's answer, as PQgetResult hands it out.
enum Reply {
    case rows(Rows)
    case failed(ServerMessage)
    /// Skipped, because an earlier statement of the pipeline failed.
    case skipped
    /// The end of one statement's answer, or of a script's.
    case boundary
    /// The end of the pipeline: what it did is committed, unless a transaction block is open.
    case synchronized
    /// libpq has lost the connection, or the thread of the conversation.
    case broken(String)
    /// COPY was begun, which this connection does not speak.
    case copy

    init(_ result: ResultHandle) {
        self =
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: .rows(Rows(result: result))
            case PGRES_PIPELINE_SYNC: .synchronized
            case PGRES_PIPELINE_ABORTED: .skipped
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: .copy
            default: result.serverMessage.map(Reply.failed) ?? .broken(result.errorText)
            }
    }
}
