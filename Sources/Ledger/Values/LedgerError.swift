/// Why the service could not give an outcome. None of them says whether credits suffice.
package enum LedgerError: Error, Hashable, Sendable {
    /// The database cannot be reached; nothing was changed.
    case unavailable
    /// More work waits than the limits allow; nothing was changed.
    case overloaded
    /// The connection was lost while the commit was under way, and the database did not come back
    /// in time to say: the write may have happened. A retry with the same idempotency key is safe.
    case outcomeUnknown
    /// A fault of ours. The text is for the log, never for a client.
    case failed(String)
}
