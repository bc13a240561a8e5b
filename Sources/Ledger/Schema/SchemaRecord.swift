import Postgres

/// A line of `schema_changes`, as it is written.
struct SchemaRecord: Sendable {
    let request: SchemaChangeRequest
    let outcome: String
    let elapsed: Duration
    let plan: SchemaPlan?

    /// Differences and tables beyond these are counted and not kept: a line has an end.
    static let entries = 1000

    /// What they are called, as PostgreSQL quotes it.
    struct Tables: Sendable {
        var changes = "schema_changes"
        var auditLog = "audit_log"
    }

    /// A line of the audit log tells of it too.
    func insertion(into tables: Tables = Tables()) -> Statement {
        let differences = (plan?.differences ?? []).prefix(Self.entries)
        let rows = (plan?.rowsChanged ?? []).prefix(Self.entries)
        return """
            WITH recorded AS (
                INSERT INTO \(unescaped: tables.changes)
                    (sql, request_id, actor, outcome, duration_ms, diff, rows_changed)
                VALUES (\(request.sql), \(request.requestID),
                    \(request.actor?.rawValue as String?), \(outcome),
                    \(elapsed / .milliseconds(1)),
                    (SELECT json_agg(json_build_object('change', change, 'kind', kind,
                            'object', object, 'before', before, 'after', after))
                        FROM unnest(\(differences.map(\.change)), \(differences.map(\.kind)),
                            \(differences.map(\.object)), \(differences.map(\.before)),
                            \(differences.map(\.after)))
                            AS difference (change, kind, object, before, after)),
                    (SELECT json_agg(json_build_object('table', name, 'inserted', inserted,
                            'updated', updated, 'deleted', deleted))
                        FROM unnest(\(rows.map(\.table)), \(rows.map(\.inserted)),
                            \(rows.map(\.updated)), \(rows.map(\.deleted)))
                            AS changed (name, inserted, updated, deleted)))
                RETURNING change_id, applied_at, duration_ms, actor, outcome, request_id
            ), told AS (
                INSERT INTO \(unescaped: tables.auditLog)
                    (actor, action, target, request_id, detail)
                SELECT actor, 'schema.' || split_part(outcome, ':', 1),
                    'schema_change:' || change_id, request_id,
                    json_build_object('outcome', outcome)
                FROM recorded
            )
            SELECT change_id, applied_at, duration_ms FROM recorded
            """
    }
}

extension SchemaChangeOutcome {
    /// What `schema_changes` says of it; nil for what is not recorded, or was recorded already.
    var recorded: (outcome: String, plan: SchemaPlan?)? {
        switch self {
        case .applied, .planned, .tooLarge: nil
        case .rejected(let rejection): ("refused:\(rejection.sqlState)", nil)
        case .lockNotAvailable(let rejection): ("refused:\(rejection.sqlState)", nil)
        case .breached(let plan, let verdict): ("refused:\(verdict.name.rawValue)", plan)
        case .planDiffers(let plan): ("refused:plan-differs", plan)
        case .busy: ("refused:busy", nil)
        }
    }
}
