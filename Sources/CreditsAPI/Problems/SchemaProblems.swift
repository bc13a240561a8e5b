import HTTP
import Ledger

// What becomes of SQL that is not applied.

extension Problem {
    /// - Precondition: The outcome is a refusal.
    init(_ outcome: SchemaChangeOutcome) {
        switch outcome {
        case .rejected(let rejection): self = .schemaChangeRejected(rejection)
        case .breached(let plan, let verdict): self = .schemaGuard(verdict, plan)
        case .planDiffers(let plan): self = .schemaPlanDiffers(now: plan)
        case .lockNotAvailable(let rejection): self = .schemaLocked(rejection)
        case .busy: self = .schemaBusy
        case .tooLarge(let limit):
            self = .invalid(
                .body(member: "sql"),
                "sql has more than \(limit) bytes, the server's setting SCHEMA_MAX_SQL_SIZE: send "
                    + "it in parts, or use psql for what is that long.")
        case .applied, .planned: preconditionFailure("\(outcome) is no refusal")
        }
    }

    /// The administrator wrote the SQL, and sees what PostgreSQL says of it.
    static func schemaChangeRejected(_ rejection: SchemaRejection) -> Problem {
        let place = rejection.position.map { ", at character \($0)" } ?? ""
        return Problem(
            type: .schemaChangeRejected,
            detail: "PostgreSQL refused the SQL: \(rejection.message) "
                + "(SQLSTATE \(rejection.sqlState)\(place)). Nothing was changed."
                + (isOfTransactions(rejection) ? " \(oneTransaction)" : ""),
            errors: [FieldError(place: .body(member: "sql"), detail: rejection.message)],
            members: members(rejection))
    }

    private static let oneTransaction =
        "The SQL runs in one transaction, which the service commits: leave out BEGIN, COMMIT, "
        + "ROLLBACK and SAVEPOINT, and use psql for what cannot run in a transaction."

    /// Commands of transactions, those that may not be in one, and COMMIT in a procedure. What
    /// PostgreSQL does not support (0A000) is much else besides; a server that speaks another
    /// language says enough itself.
    private static func isOfTransactions(_ rejection: SchemaRejection) -> Bool {
        ["25001", "2D000"].contains(rejection.sqlState)
            || rejection.sqlState == "0A000" && rejection.message.contains("transaction")
    }

    static func schemaGuard(_ verdict: GuardVerdict, _ plan: SchemaPlan) -> Problem {
        let name = verdict.name.rawValue
        let saw = verdict.saw.prefix(20)
        return Problem(
            type: .schemaGuard,
            detail: "The guard \(name) refused the change: \(saw.joined(separator: "; ")). "
                + "Nothing was changed.",
            errors: [
                FieldError(
                    place: .body(member: "sql"), detail: "Leave alone what the guard names.")
            ],
            members: [
                .init(name: "guard", value: .string(name)),
                .init(name: "saw", value: .array(saw.map { .string($0) })),
            ] + plan.members)
    }

    static func schemaPlanDiffers(now plan: SchemaPlan) -> Problem {
        Problem(
            type: .schemaPlanDiffers,
            detail: "The SQL would do something else than the plan of plan_hash said: the schema "
                + "was changed since. Nothing was changed now; look at the plan as it is.",
            errors: [
                FieldError(
                    place: .body(member: "plan_hash"), detail: "It is another plan's by now.")
            ],
            members: plan.members)
    }

    static func schemaLocked(_ rejection: SchemaRejection) -> Problem {
        Problem(
            type: .schemaLocked,
            detail:
                "A table that the SQL changes stayed locked by others for too long. Nothing was "
                + "changed; try again when there is less traffic.",
            members: members(rejection), fields: [("Retry-After", "5")])
    }

    static let schemaBusy = Problem(
        type: .schemaBusy,
        detail: "Another schema change is under way, here or in another instance. Nothing was "
            + "changed; try again when it is done.",
        fields: [("Retry-After", "5")])

    private static func members(_ rejection: SchemaRejection) -> [JSONObject.Member] {
        let values: [(String, JSONValue?)] = [
            ("sqlstate", .string(rejection.sqlState)),
            ("position", rejection.position.map { .integer($0) }),
            ("postgres_detail", rejection.detail.map { .string($0) }),
            ("hint", rejection.hint.map { .string($0) }),
        ]
        return values.compactMap { name, value in value.map { .init(name: name, value: $0) } }
    }
}
