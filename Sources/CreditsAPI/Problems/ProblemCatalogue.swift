import HTTP

extension ProblemType {
    var status: Status { entry.status }

    /// The same for every occurrence (RFC 9457, 3.1.3).
    var title: String { entry.title }

    /// What the problem's page says: when it occurs, and what to do.
    var documentation: String { entry.documentation }

    private struct Entry {
        let status: Status
        let title: String
        let documentation: String

        init(_ status: Status, _ title: String, _ documentation: String) {
            self.status = status
            self.title = title
            self.documentation = documentation
        }
    }

    private var entry: Entry {
        guard let entry = Self.catalogue[self] else {
            preconditionFailure("the catalogue lacks \(slug)")
        }
        return entry
    }

    private static let catalogue: [ProblemType: Entry] = [
        .malformedRequest: Entry(
            .badRequest, "Malformed request",
            "The bytes received were no HTTP/1.1 request, or one that could be read in two ways. "
                + "The detail names the rule that was broken. The connection is closed."),
        .malformedJSON: Entry(
            .badRequest, "Malformed JSON",
            "The body is no JSON text (RFC 8259), names a member twice, or nests too deeply. The "
                + "members `line` and `column` say where. Mend the body and send it again."),
        .missingBody: Entry(
            .badRequest, "Missing body",
            "This call needs a JSON object in its body, and none was sent. Every such call has an "
                + "example in the documentation."),
        .malformedIdempotencyKey: Entry(
            .badRequest, "Malformed idempotency key",
            "An Idempotency-Key is 1 to 255 visible ASCII characters, bare or as a quoted string, "
                + "and stands in a request once. A UUID for each write you mean is a good choice."),
        .authenticationRequired: Entry(
            .unauthorized, "Authentication required",
            "This call needs a key. Send it as `Authorization: Bearer <key>`, `X-API-Key: <key>` "
                + "or `X-Admin-Token: <key>`. The service's operator makes keys with "
                + "`credits keys create`."),
        .invalidKey: Entry(
            .unauthorized, "Invalid key",
            "A key was sent that is not in force: it is unknown, revoked or expired. Nothing was "
                + "done."),
        .missingScope: Entry(
            .forbidden, "Missing scope",
            "The key is in force, and may not do this, or not give it to a new key. The member "
                + "`scope` names what it lacks."),
        .insufficientCredits: Entry(
            .paymentRequired, "Insufficient credits",
            "The balance is smaller than the amount to deduct, to send or to take back, and "
                + "nothing was moved. The members `available`, `requested` and `shortfall` say by "
                + "how much. The request's idempotency key was not used up: try again when there "
                + "are credits."),
        .crossSiteRequest: Entry(
            .forbidden, "Cross-site request",
            "A browser sent this request for a page of another site. The service answers programs "
                + "and its own pages only: call it from a server, let one origin serve both, or "
                + "name the site in CORS_ALLOWED_ORIGINS."),
        .unexpectedHost: Entry(
            .forbidden, "Unexpected host",
            "A server that is bound to loopback answers only to loopback names, with keys or "
                + "without, so that no web page can reach it under a name of its own (DNS "
                + "rebinding). Use localhost or 127.0.0.1, or name the host in ALLOWED_HOSTS, as "
                + "for a proxy on the same machine that passes Host on."),
        .userNotFound: Entry(
            .notFound, "User not found",
            "There is no user of this number. Make one with POST /api/users."),
        .recipientNotFound: Entry(
            .notFound, "Recipient not found",
            "There is no user of the number in `to`; the sender exists. Nothing was moved."),
        .transactionNotFound: Entry(
            .notFound, "Transaction not found",
            "The user has no ledger entry of this number. Every write answers with the number of "
                + "its own as `transaction_id`."),
        .keyNotFound: Entry(
            .notFound, "Key not found",
            "There is no key of this number. GET /api/keys lists those there are."),
        .notFound: Entry(
            .notFound, "Not found",
            "There is nothing at this path. The documentation at /docs lists every path there is."),
        .methodNotAllowed: Entry(
            .methodNotAllowed, "Method not allowed",
            "The path is right and the method is not. The field Allow lists those there are."),
        .requestTimeout: Entry(
            .requestTimeout, "Request timeout",
            "The request did not arrive whole in time. Nothing was done; send it again."),
        .emailTaken: Entry(
            .conflict, "E-mail taken",
            "Another user has this e-mail address; no user was made."),
        .databaseRule: Entry(
            .conflict, "Forbidden by the database",
            "Somebody has given the database's tables a rule besides those of the service, such as "
                + "a CHECK, a trigger, or a column that has to be filled, and it forbids what was "
                + "asked for. Nothing was changed (whom a day's grant reached before keeps it). "
                + "What PostgreSQL said of it is in the service's log, under the request's id."),
        .balanceLimitReached: Entry(
            .conflict, "Balance limit reached",
            "The balance would rise above 9,007,199,254,740,991 (2^53 - 1), the largest integer "
                + "that every JSON reader holds exactly. Nothing was added. The members `limit`, "
                + "`room` and `requested` say by how much."),
        .notReversible: Entry(
            .conflict, "Not reversible",
            "A reversal undoes what changed one balance. A transfer is undone by a transfer back, "
                + "and a reversal by making the write again. Nothing was changed."),
        .alreadyReversed: Entry(
            .conflict, "Already reversed",
            "The ledger entry was reversed before, and is reversed only once: the member "
                + "`reversal_transaction_id` names the entry that did it. Nothing was changed. To "
                + "make a retry safe, send an Idempotency-Key: the first answer is given again."),
        .schemaLocked: Entry(
            .conflict, "Schema locked",
            "The schema change waited for a lock that others held for too long; it was rolled "
                + "back. Try again after the time in Retry-After, when there is little traffic."
        ),
        .preconditionFailed: Entry(
            .preconditionFailed, "Precondition failed",
            "The request was sent with a condition that does not hold: `If-Match` with entity tags "
                + "(only documents have one, and it is another), or `If-None-Match: *` with a "
                + "write. Nothing was done."),
        .schemaBusy: Entry(
            .conflict, "Schema change under way",
            "One schema change runs at a time, over all instances, and another one is under way. "
                + "Nothing was changed; try again after the time in Retry-After."),
        .schemaPlanDiffers: Entry(
            .conflict, "Schema plan differs",
            "The SQL would do something else than it did when its `plan_hash` was given: the "
                + "schema is another one by now. Nothing was changed. The members describe the "
                + "plan as it is now; if it is what you mean, send its `plan_hash`."),
        .contentTooLarge: Entry(
            .contentTooLarge, "Content too large",
            "The body is larger than the server reads. Nothing was done."),
        .targetTooLong: Entry(
            .uriTooLong, "Target too long",
            "The request's target is longer than the server reads."),
        .unsupportedMediaType: Entry(
            .unsupportedMediaType, "Unsupported media type",
            "Bodies are JSON in UTF-8, not compressed. Say `Content-Type: application/json`, or "
                + "say nothing."),
        .expectationFailed: Entry(
            .expectationFailed, "Expectation failed",
            "The only expectation that the server knows is `Expect: 100-continue`."),
        .invalidValue: Entry(
            .unprocessableContent, "Invalid value",
            "The request was understood, and a value in it is not allowed. The member `errors` has "
                + "an entry for each such value: where it stands, and what is allowed there."),
        .idempotencyKeyReused: Entry(
            .unprocessableContent, "Idempotency key reused",
            "The Idempotency-Key stands for an earlier write to this user that was not the same. "
                + "The detail names what differs. Send the request with a new key if you mean a "
                + "new write."),
        .schemaChangeRejected: Entry(
            .unprocessableContent, "Schema change rejected",
            "PostgreSQL refused the SQL; all of it was rolled back. The members `sqlstate`, "
                + "`position`, `postgres_detail` and `hint` carry what PostgreSQL said."),
        .schemaGuard: Entry(
            .unprocessableContent, "Schema guard",
            "The SQL itself is right, and the service could not go on, or keep its promises, after "
                + "it; all of it was rolled back. The member `guard` names the rule and `saw` what "
                + "it met: `required-objects` (tables, columns, types, keys, checks, indexes, "
                + "triggers), `ledger-rows` (balances and entries change through the API), "
                + "`ledger-triggers` (triggers, rules and policies of the ledger's tables), "
                + "`connections` (roles, settings), `transaction-ids` (their sequence), "
                + "`service-statements` (tried once after the SQL) and `record`."),
        .rateLimited: Entry(
            .tooManyRequests, "Rate limited",
            "The key or the address made more requests than it may, or sent too many keys that are "
                + "not in force. Nothing was done; try again after the time in Retry-After."),
        .headerTooLarge: Entry(
            .headerFieldsTooLarge, "Header too large",
            "The request's header has more fields or bytes than the server reads."),
        .internalError: Entry(
            .internalServerError, "Internal error",
            "A fault of the service. It was logged under the request's id: tell its operator the "
                + "`request_id`."),
        .notImplemented: Entry(
            .notImplemented, "Not implemented",
            "The request asks for a feature of HTTP that this server does not have, such as a "
                + "transfer coding other than chunked."),
        .unavailable: Entry(
            .serviceUnavailable, "Service unavailable",
            "The database cannot serve the call, and nothing was changed (a day's grant run by "
                + "hand goes on where it was). Try again after the time "
                + "in Retry-After. Where /readyz is well meanwhile, the database is there, and "
                + "another session keeps locked what the call needs, such as the user's row: an "
                + "open transaction in psql does."),
        .overloaded: Entry(
            .serviceUnavailable, "Service overloaded",
            "More requests wait, more large bodies are arriving, or more connections are open "
                + "than the server takes on. "
                + "Nothing was changed. Try again after the time in Retry-After."),
        .notReady: Entry(
            .serviceUnavailable, "Service not ready",
            "The instance takes no traffic now: the member `missing` names what is missing, and "
                + "the detail says it. It is alive, and need not be started anew."),
        .outcomeUnknown: Entry(
            .serviceUnavailable, "Outcome unknown",
            "The connection to the database was lost while the write was being committed: it may "
                + "have happened. Sent again with the same Idempotency-Key it happens once; "
                + "without a key, read the balance first."),
        .versionNotSupported: Entry(
            .versionNotSupported, "HTTP version not supported",
            "The server speaks HTTP/1.1 and HTTP/1.0."),
    ]
}
