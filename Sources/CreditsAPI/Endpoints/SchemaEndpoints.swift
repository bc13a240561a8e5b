import HTTP
import Ledger

/// The database's own shape.
enum SchemaEndpoints {
    static func update(
        _ request: SchemaUpdateRequest, _ context: APIContext
    ) async throws(Problem) -> SchemaUpdateAnswer {
        switch try await outcome(of: request.change, context) {
        case .applied(let change): return .updated(SchemaUpdated(change: change))
        case .planned(let plan): return .planned(SchemaPlanned(plan: plan))
        case let refusal: throw Problem(refusal)
        }
    }

    static func plan(
        _ request: SchemaPlanRequest, _ context: APIContext
    ) async throws(Problem) -> SchemaPlanned {
        let outcome = try await outcome(of: request.change, context)
        guard case .planned(let plan) = outcome else { throw Problem(outcome) }
        return SchemaPlanned(plan: plan)
    }

    private static func outcome(
        of change: SchemaChangeRequest, _ context: APIContext
    ) async throws(Problem) -> SchemaChangeOutcome {
        do {
            return try await context.service.changeSchema(change)
        } catch {
            throw Problem(error)
        }
    }

    static func tables(
        _ request: NoInput, _ context: APIContext
    ) async throws(Problem) -> SchemaListing {
        do {
            let listing = try await context.service.tables()
            return SchemaListing(tables: listing.tables, isComplete: listing.isComplete)
        } catch {
            throw Problem(error)
        }
    }

    static func changes(
        _ request: PageRequest<PlaceCursor>, _ context: APIContext
    ) async throws(Problem) -> SchemaHistoryAnswer {
        do {
            let page = try await context.service.schemaChanges(
                below: request.cursor?.number, limit: request.limit)
            return SchemaHistoryAnswer(request: request, page: page)
        } catch {
            throw Problem(error)
        }
    }
}
