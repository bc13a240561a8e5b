import Ledger

/// Balances, and the writes to them.
enum CreditEndpoints {
    static func balance(
        _ request: BalanceRequest, _ context: APIContext
    ) async throws(Problem) -> Account {
        if let moment = request.moment {
            return try await HistoryEndpoints.balance(of: request.user, at: moment, context)
        }
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
        _ input: AmountRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(input.frame.request(.add(input.amount), input.annotations), context)
    }

    static func deduct(
        _ input: AmountRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(input.frame.request(.deduct(input.amount), input.annotations), context)
    }

    static func reset(
        _ input: ResetRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        try await perform(input.frame.request(.reset, input.annotations), context)
    }

    static func transfer(
        _ input: TransferRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        let change = Change.transfer(input.amount, to: input.recipient)
        return try await perform(input.frame.request(change, input.annotations), context)
    }

    static func reverse(
        _ input: ReversalRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        let change = Change.reversal(of: input.transactionID)
        return try await perform(input.frame.request(change, input.annotations), context)
    }

    /// - Parameter request: of one command.
    private static func perform(
        _ request: WriteRequest, _ context: APIContext
    ) async throws(Problem) -> WriteAnswer {
        let outcome: Outcome
        do {
            outcome = try await context.service.perform(request).only
        } catch {
            throw Problem(error)
        }
        guard let receipt = outcome.receipt else {
            throw Problem(outcome).ofDryRun(request.isDryRun)
        }
        return WriteAnswer(
            receipt: receipt, isReplayed: outcome.isReplay, isDryRun: request.isDryRun)
    }
}
