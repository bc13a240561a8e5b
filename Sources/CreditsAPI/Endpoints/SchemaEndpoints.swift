import HTTP
import Ledger

/// The database's own shape.
enum SchemaEndpoints {
    static func update(
        _ request: SchemaUpdateRequest, _ context: APIContext
    ) async throws(Problem) -> SchemaUpdated {
        let outcome: SchemaChangeOutcome
        do {
            outcome = try await context.service.applySchemaChange(
                request.sql, requestID: request.requestID)
        } catch {
            throw Problem(error)
        }
        switch outcome {
        case .applied(let change): return SchemaUpdated(change: change)
        case .rejected(let rejection): throw .schemaChangeRejected(rejection)
        case .lockNotAvailable(let rejection): throw .schemaLocked(rejection)
        }
    }
}

struct SchemaUpdated: Answer {
    let change: SchemaChange

    func response() -> Response {
        // Three digits: microseconds. Rounded, since a Double's own spelling may have seventeen.
        let milliseconds = (change.durationMilliseconds * 1000).rounded() / 1000
        return .json(
            .ok,
            [
                "detail": "Schema updated", "change_id": .integer(change.id),
                "applied_at": .string(change.appliedAt.rfc3339),
                "duration_ms": .number(JSONNumber(lexeme: "\(milliseconds)")),
            ])
    }
}

extension Problem {
    /// The administrator wrote the SQL, and sees what PostgreSQL says of it.
    fileprivate static func schemaChangeRejected(_ rejection: SchemaRejection) -> Problem {
        let place = rejection.position.map { ", at character \($0)" } ?? ""
        return Problem(
            type: .schemaChangeRejected,
            detail: "PostgreSQL refused the SQL: \(rejection.message) "
                + "(SQLSTATE \(rejection.sqlState)\(place)). Nothing was changed.",
            errors: [FieldError(place: .body(member: "sql"), detail: rejection.message)],
            members: members(rejection))
    }

    fileprivate static func schemaLocked(_ rejection: SchemaRejection) -> Problem {
        Problem(
            type: .schemaLocked,
            detail:
                "A table that the SQL changes stayed locked by others for too long. Nothing was "
                + "changed; try again when there is less traffic.",
            members: members(rejection), fields: [("Retry-After", "5")])
    }

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
