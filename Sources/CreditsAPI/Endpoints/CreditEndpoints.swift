import Ledger

/// Balances, and the writes to them.
enum CreditEndpoints {
    static func balance(
        _ request: UserRequest, _ context: APIContext
    ) async throws(Problem) -> Account {
        let account: Account?
        do {
            account = try await context.service.account(of: request.user)
        } catch {
            throw Problem(error)
        }
        guard let account else { throw .userNotFound }
        return account
    }

    static func add(
        _ request: AmountRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(
            request.annotations.command(.add(request.amount), for: request.user), context)
    }

    static func deduct(
        _ request: AmountRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(
            request.annotations.command(.deduct(request.amount), for: request.user), context)
    }

    static func reset(
        _ request: ResetRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(request.annotations.command(.reset, for: request.user), context)
    }

    private static func perform(
        _ command: Command, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        let outcome: Outcome
        do {
            outcome = try await context.service.perform(command)
        } catch {
            throw Problem(error)
        }
        switch outcome {
        case .applied(let receipt): return WriteAnswer(receipt: receipt, isReplayed: false)
        case .replayed(let receipt): return WriteAnswer(receipt: receipt, isReplayed: true)
        case .userNotFound: throw .userNotFound
        case .keyReused(let member): throw .keyReused(differing: member)
        case .insufficientCredits(let available, let requested):
            throw .insufficientCredits(available: available, requested: requested)
        case .balanceLimitReached(let room, let requested):
            throw .balanceLimitReached(room: room, requested: requested)
        }
    }
}
