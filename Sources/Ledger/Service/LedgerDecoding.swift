package import Postgres

// How the ledger's values stand in PostgreSQL's columns. A value that the tables' checks rule out
// is a decoding error, never a trap.

extension UserID: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> UserID {
        try field.convert(Int64.self, UserID.init)
    }
}

extension Timestamp: PostgresDecodable {
    /// A column may hold infinity, which is no moment: it is read as the earliest one, so that a
    /// row that somebody wrote so can be read and written on.
    package static func decode(_ field: Field) throws(PostgresError) -> Timestamp {
        Timestamp(try PostgresTimestamp.decodeFinite(field))
    }

    init(_ stored: PostgresTimestamp?) {
        self =
            stored.map { Timestamp(microsecondsSinceUnixEpoch: $0.microsecondsSinceUnixEpoch) }
            ?? .earliest
    }

    var postgres: PostgresTimestamp {
        PostgresTimestamp(microsecondsSinceUnixEpoch: microsecondsSinceUnixEpoch)
    }
}

extension CalendarDay: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> CalendarDay {
        CalendarDay(daysSinceUnixEpoch: try PostgresDate.decode(field).daysSinceUnixEpoch)
    }

    var postgres: PostgresDate { PostgresDate(daysSinceUnixEpoch: daysSinceUnixEpoch) }
}

extension EntryKind: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> EntryKind {
        try field.convert(String.self) { EntryKind(rawValue: $0) }
    }
}

extension DailyGrant.Status: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> DailyGrant.Status {
        try field.convert(String.self) { DailyGrant.Status(rawValue: $0) }
    }
}

extension Reason: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> Reason {
        try field.convert(String.self, Reason.init)
    }
}

extension Metadata: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> Metadata {
        try field.convert(String.self) { Metadata(json: $0) }
    }
}

extension IdempotencyKey: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> IdempotencyKey {
        try field.convert(String.self, IdempotencyKey.init)
    }
}

extension LedgerEntry {
    /// What `init(_:)` reads, as the list of a SELECT from the table under the alias `t`.
    static let columns = """
        t.user_id, t.transaction_id, t.kind, t.amount, t.balance_after, t.created_at, t.reason, \
        t.metadata::text, t.idempotency_key, t.related_user_id, t.related_transaction_id
        """

    init(_ row: Row) throws(PostgresError) {
        let (step, relatedUser, relatedID): (Step, UserID?, Int64?)
        (
            user, transactionID, kind, step, balanceAfter, createdAt, reason, metadata,
            idempotencyKey, relatedUser, relatedID
        ) = try row.decode(
            UserID.self, Int64.self, EntryKind.self, Step.self, Int64.self, Timestamp.self,
            Reason?.self, Metadata?.self, IdempotencyKey?.self, UserID?.self, Int64?.self)
        amount = step.rawValue
        if let relatedUser, let relatedID {
            related = EntryReference(user: relatedUser, transactionID: relatedID)
        }
    }
}

/// What an entry adds: small enough to be taken back.
private struct Step: PostgresDecodable {
    let rawValue: Int64

    static func decode(_ field: Field) throws(PostgresError) -> Step {
        try field.convert(Int64.self) {
            BalanceLimits.steps.contains($0) ? Step(rawValue: $0) : nil
        }
    }
}

extension Field {
    /// Reads the column as one type and makes another of it, which may refuse the value.
    fileprivate func convert<Stored: PostgresDecodable, Value>(
        _ stored: Stored.Type, _ make: (Stored) -> Value?
    ) throws(PostgresError) -> Value {
        guard let value = make(try Stored.decode(self)) else {
            throw .cannotDecode(
                DecodingFailure(
                    column: name, type: type, expected: "\(Value.self)", reason: .outOfRange))
        }
        return value
    }
}

extension Rows {
    /// The one row of a statement that always yields one; an error where a trigger or a rule in the
    /// database saw to it that there is none.
    var only: Row {
        get throws(PostgresError) {
            guard let row = first, count == 1 else {
                throw .cannotDecode(
                    DecodingFailure(
                        column: "", type: .unknown, expected: "one row", reason: .rowCount(count)))
            }
            return row
        }
    }

    /// A value for each user, of rows that begin with `user_id`, `credits` and `last_updated`; a
    /// number that is no user's is passed over.
    func byUser<Value>(
        _ make: (_ row: Int, UserID, _ credits: Int64, _ lastUpdated: Timestamp) -> Value
    ) throws(PostgresError) -> [UserID: Value] {
        let users = try integers(inColumn: 0)
        let credits = try integers(inColumn: 1)
        let updates = try timestamps(inColumn: 2)
        var values: [UserID: Value] = [:]
        values.reserveCapacity(users.count)
        for (row, user) in users.enumerated() {
            guard let user = UserID(user) else { continue }
            values[user] = make(row, user, credits[row], Timestamp(updates[row]))
        }
        return values
    }

    /// A value for each row, in their order.
    func decodeEach<Value>(
        _ decode: (Row) throws(PostgresError) -> Value
    ) throws(PostgresError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in self { values.append(try decode(row)) }
        return values
    }
}
