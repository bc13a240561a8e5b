/// Why the service could not give an outcome. None of them says whether credits suffice.
package enum LedgerError: Error, Hashable, Sendable {
    /// The database cannot be reached; nothing was changed.
    case unavailable
    /// More work waits than the limits allow; nothing was changed.
    case overloaded
    /// The connection was lost while the commit was under way, and the database did not come back
    /// in time to say: the write may have happened. A retry with the same idempotency key is safe.
    case outcomeUnknown
    /// The database has a rule that is none of ours, and it forbids this: a CHECK, a trigger, a
    /// column that is to be filled. Nothing was changed. The text is for the log.
    case forbidden(String)
    /// A fault of ours. The text is for the log, never for a client.
    case failed(String)
}
