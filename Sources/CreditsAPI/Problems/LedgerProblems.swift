import HTTP
import Ledger

// What the ledger's refusals are in HTTP. Each case of `Outcome` is a problem of its own type, or
// of a type that a client already switches over.

extension Problem {
    /// - Precondition: The outcome is a refusal.
    init(_ outcome: Outcome) {
        switch outcome {
        case .userNotFound: self = .userNotFound
        case .keyReused(let member): self = .keyReused(differing: member)
        case .transferToSelf: self = .invalid(.body(member: "to"), Self.transferToSelf)
        case .recipientNotFound: self = .recipientNotFound
        case .transactionNotFound: self = .transactionNotFound
        case .notReversible(let kind): self = .notReversible(kind)
        case .alreadyReversed(let id): self = .alreadyReversed(by: id)
        case .insufficientCredits(let available, let requested):
            self = .insufficientCredits(available: available, requested: requested)
        case .balanceLimitReached(let room, let requested):
            self = .balanceLimitReached(room: room, requested: requested)
        case .recipientLimitReached(let room, let requested):
            self = .balanceLimitReached(of: "recipient's balance", room: room, requested: requested)
        case .replayed, .applied: preconditionFailure("\(outcome) is no refusal")
        }
    }

    /// The same problem, foretold.
    func ofDryRun(_ isDryRun: Bool) -> Problem {
        guard isDryRun else { return self }
        var problem = self
        problem.members.append(.init(name: "dry_run", value: true))
        return problem
    }

    static func insufficientCredits(available: Int64, requested: Int64) -> Problem {
        let shortfall = requested - available
        return Problem(
            type: .insufficientCredits,
            detail: "Insufficient credits: \(available) available, \(requested) requested, "
                + "\(shortfall) missing. Nothing was deducted.",
            members: [
                .init(name: "available", value: .integer(available)),
                .init(name: "requested", value: .integer(requested)),
                .init(name: "shortfall", value: .integer(shortfall)),
            ])
    }

    static func balanceLimitReached(
        of whose: String = "balance", room: Int64, requested: Int64
    ) -> Problem {
        Problem(
            type: .balanceLimitReached,
            detail: "The \(whose) may not exceed \(BalanceLimits.range.upperBound): there is room "
                + "for \(room) more, and \(requested) was to be added. Nothing was added.",
            members: [
                .init(name: "limit", value: .integer(BalanceLimits.range.upperBound)),
                .init(name: "room", value: .integer(room)),
                .init(name: "requested", value: .integer(requested)),
            ])
    }

    private static let transferToSelf =
        "to is the sender's own number: name another user, nothing was moved."

    private static let recipientNotFound = Problem(
        type: .recipientNotFound,
        detail: "There is no user of the number in to. Nothing was moved.",
        errors: [FieldError(place: .body(member: "to"), detail: "Name a user who exists.")])

    private static let transactionNotFound = Problem(
        type: .transactionNotFound,
        detail: "The user has no transaction of this number. Nothing was changed.",
        errors: [
            FieldError(
                place: .parameter("transaction_id", in: .path),
                detail: "Name the transaction_id of an entry of this user.")
        ])

    private static func notReversible(_ kind: EntryKind) -> Problem {
        let remedy =
            kind == .reversal
            ? "A reversal cannot be reversed: make the write that it undid again."
            : "A transfer cannot be reversed: let its recipient transfer the credits back."
        return Problem(type: .notReversible, detail: "\(remedy) Nothing was changed.")
    }

    private static func alreadyReversed(by reversal: Int64) -> Problem {
        Problem(
            type: .alreadyReversed,
            detail: "This transaction was reversed before, by transaction \(reversal). Nothing was "
                + "changed.",
            members: [.init(name: "reversal_transaction_id", value: .integer(reversal))])
    }

    static func keyReused(differing member: String) -> Problem {
        let place: FieldError.Place =
            switch member {
            case "kind": .parameter("Idempotency-Key", in: .header)
            case "transaction_id": .parameter(member, in: .path)
            default: .body(member: member)
            }
        return Problem(
            type: .idempotencyKeyReused,
            detail: "This Idempotency-Key stands for an earlier write to this user with another "
                + "\(member == "kind" ? "call" : member). Use a new key for a new write.",
            errors: [
                FieldError(
                    place: place,
                    detail: "The \(member) differs from that of the first request under this key.")
            ])
    }
}

// MARK: - Where there is no outcome

extension Problem {
    init(_ error: LedgerError) {
        switch error {
        case .unavailable:
            self.init(
                type: .unavailable,
                detail:
                    "The database cannot serve this at the moment. Nothing was changed; try again "
                    + "shortly, and see /readyz: where that is well, another session keeps locked "
                    + "what this needs, such as the user's row.",
                fields: [Self.retryAfter])
        case .overloaded:
            self.init(
                type: .overloaded,
                detail: "Too many requests are waiting. Nothing was changed; try again shortly.",
                fields: [Self.retryAfter])
        case .outcomeUnknown:
            self.init(
                type: .outcomeUnknown,
                detail:
                    "The database was lost during the commit, so the change may have been made. "
                    + "A write with an Idempotency-Key can safely be sent again; without one, read "
                    + "first.",
                fields: [Self.retryAfter])
        case .forbidden(let cause):
            self.init(
                type: .databaseRule,
                detail:
                    "The database has a rule of its own that forbids this. Nothing was changed; "
                    + "what PostgreSQL said of it is in the service's log, under this request_id.",
                cause: cause)
        case .failed(let cause):
            self.init(
                type: .internalError,
                detail: "The service made a mistake. It is logged under this request_id.",
                cause: cause)
        }
    }

    /// A database that fails over is back within seconds, and a queue drains in less.
    static let retryAfter: (name: FieldName, value: String) = ("Retry-After", "1")
}
