import HTTP
import Ledger

/// Whether the service is alive, and ready for traffic.
enum HealthEndpoints {
    static func liveness(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(context.documents.liveness)
    }

    static func readiness(
        _ request: NoInput, _ context: APIContext
    ) async throws(Problem) -> ReadyAnswer {
        let readiness = await context.service.readiness()
        let checks = ReadinessChecks(readiness, isDraining: context.isDraining())
        guard checks.missing.isEmpty else { throw checks.problem }
        return ReadyAnswer(
            .json(
                .ok,
                [
                    "status": "ok", "version": .string(context.settings.version),
                    "checks": ["database": "ok", "schema": "ok", "draining": "no"],
                ]))
    }
}

private struct ReadinessChecks {
    /// The names of the checks that failed.
    private(set) var missing: [JSONValue] = []
    private var sentences: [String]

    init(_ readiness: Readiness, isDraining: Bool) {
        sentences = readiness.problems
        if !readiness.databaseReached {
            missing.append("database")
        } else if !readiness.schemaCurrent {
            missing.append("schema")
        }
        if isDraining {
            missing.append("draining")
            sentences.append("the instance is shutting down")
        }
    }

    var problem: Problem {
        Problem(
            type: .notReady, detail: "Not ready: \(sentences.joined(separator: "; ")).",
            members: [.init(name: "missing", value: .array(missing))],
            fields: [Problem.retryAfter])
    }
}
