import HTTP
import Ledger

/// Many writes in one request.
enum BatchEndpoint {
    static func perform(
        _ request: BatchRequest, _ context: APIContext
    ) async throws(Problem) -> BatchAnswer {
        let decision: Decision
        do {
            decision = try await context.service.perform(request.write)
        } catch {
            throw Problem(error)
        }
        switch decision {
        case .judged(let outcomes):
            return BatchAnswer(outcomes, isDryRun: request.write.isDryRun)
        case .refused(let outcome, let index):
            var problem = Problem(outcome).ofOperation(index)
            problem.members.append(.init(name: "index", value: .integer(index)))
            throw problem.ofDryRun(request.write.isDryRun)
        }
    }
}

extension BatchAnswer {
    fileprivate init(_ outcomes: [Outcome], isDryRun: Bool) {
        results = outcomes.enumerated().map { index, outcome in
            guard let receipt = outcome.receipt else {
                return .refused(Problem(outcome).ofOperation(index))
            }
            return .done(receipt, isReplayed: outcome.isReplay)
        }
        self.isDryRun = isDryRun
    }
}

extension Problem {
    /// The same problem, told of one of a batch's operations: its places are below `#/operations`.
    fileprivate func ofOperation(_ index: Int) -> Problem {
        var problem = Problem(type: type, detail: "Operation \(index): \(detail)")
        problem.errors = errors.map { error in
            FieldError(place: error.place.ofOperation(index), detail: error.detail)
        }
        problem.members = members
        return problem
    }
}

extension FieldError.Place {
    fileprivate func ofOperation(_ index: Int) -> FieldError.Place {
        switch self {
        case .body(let member): .body(member: "operations/\(index)/\(member)")
        case .wholeBody: .body(member: "operations/\(index)")
        // What a single write has in a header, an operation has in this member.
        case .parameter: .body(member: "operations/\(index)/idempotency_key")
        }
    }
}
