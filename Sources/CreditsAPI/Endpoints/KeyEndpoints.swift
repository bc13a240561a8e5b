import HTTP
import Ledger

/// Who may do what, and what was done.
enum KeyEndpoints {
    static func create(
        _ request: NewKeyRequest, _ context: APIContext
    ) async throws(Problem) -> CreatedKey {
        let made: (key: APIKey, secret: KeySecret)?
        do {
            made = try await context.service.keys.create(request.key, by: request.origin)
        } catch {
            throw Problem(error)
        }
        guard let made else {
            throw .invalid(
                .body(member: "expires_at"),
                "expires_at has passed by the database's clock: no key was made.")
        }
        return CreatedKey(key: made.key, secret: made.secret)
    }

    static func list(
        _ request: PageRequest<PlaceCursor>, _ context: APIContext
    ) async throws(Problem) -> KeyPage {
        let keys: [APIKey]
        do {
            // One more than asked for: it tells whether there is a next page.
            keys = try await context.service.keys.keys(
                below: request.cursor?.number, limit: request.limit + 1)
        } catch {
            throw Problem(error)
        }
        let page = CutPage(keys, limit: request.limit)
        return KeyPage(
            keys: page.items, next: page.lastBeforeMore.map { PlaceCursor(number: $0.id) })
    }

    static func revoke(
        _ request: KeyRequest, _ context: APIContext
    ) async throws(Problem) -> APIKey {
        let key: APIKey?
        do {
            key = try await context.service.keys.revoke(request.id, by: request.origin)
        } catch {
            throw Problem(error)
        }
        guard let key else { throw .keyNotFound }
        return key
    }

    static func audit(
        _ request: PageRequest<PlaceCursor>, _ context: APIContext
    ) async throws(Problem) -> AuditPage {
        let entries: [AuditEntry]
        do {
            entries = try await context.service.auditEntries(
                below: request.cursor?.number, limit: request.limit + 1)
        } catch {
            throw Problem(error)
        }
        let page = CutPage(entries, limit: request.limit)
        return AuditPage(
            entries: page.items, next: page.lastBeforeMore.map { PlaceCursor(number: $0.id) })
    }
}

extension Problem {
    static let keyNotFound = Problem(
        type: .keyNotFound, detail: "There is no key of this number.")
}
