import Postgres

/// Something that a key or an administrator did.
package struct AuditEntry: Hashable, Sendable {
    package let id: Int64
    package let at: Timestamp
    package let actor: String?
    /// What was done: `key.created`.
    package let action: String
    /// To what: `key:4`, `user:17`.
    package let target: String
    package let requestID: String?
    /// A JSON text.
    package let detail: String?
}

/// The SQL of the audit log: it has no UPDATE and no DELETE path.
struct AuditLog: Sendable {
    let pool: ConnectionPool

    /// At most `limit` lines with numbers below `end`, the newest first.
    func entries(below end: Int64?, limit: Int) async throws(PostgresError) -> [AuditEntry] {
        try await pool.run(page(below: end, limit: limit), givingWay: true).decodeEach(
            AuditEntry.init)
    }

    func page(below end: Int64?, limit: Int) -> Statement {
        """
        SELECT audit_id, at, actor, action, target, request_id, detail::text FROM audit_log
        WHERE audit_id < \(end ?? .max) ORDER BY audit_id DESC LIMIT \(Int64(limit))
        """
    }
}

extension AuditEntry {
    fileprivate init(_ row: Row) throws(PostgresError) {
        (id, at, actor, action, target, requestID, detail) = try row.decode(
            Int64.self, Timestamp.self, String?.self, String.self, String.self, String?.self,
            String?.self)
    }
}

extension CreditService {
    /// At most `limit` lines of the audit log with numbers below `end`, the newest first.
    package func auditEntries(
        below end: Int64?, limit: Int
    ) async throws(LedgerError) -> [AuditEntry] {
        try await reportingReadErrors { () throws(PostgresError) in
            try await auditLog.entries(below: end, limit: limit)
        }
    }
}
