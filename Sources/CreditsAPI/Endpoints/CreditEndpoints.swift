import HTTP
import Ledger

/// Balances, and the writes to them: nearly all traffic, and so without a task a request.
enum CreditEndpoints {
    static let balance = Handler { (request, context) throws(Problem) in
        let input = try BalanceRequest(request)
        guard let moment = input.moment else {
            return .bringing { receive in
                context.service.account(of: input.user) { receive(response(to: $0)) }
            }
        }
        return .waiting { () async throws(Problem) in
            try await HistoryEndpoints.balance(of: input.user, at: moment, context).response()
        }
    }

    static let add = writing { (input: AmountRequest) in
        input.frame.request(.add(input.amount), input.annotations)
    }

    static let deduct = writing { (input: AmountRequest) in
        input.frame.request(.deduct(input.amount), input.annotations)
    }

    static let reset = writing { (input: ResetRequest) in
        input.frame.request(.reset, input.annotations)
    }

    static let transfer = writing { (input: TransferRequest) in
        input.frame.request(.transfer(input.amount, to: input.recipient), input.annotations)
    }

    static let reverse = writing { (input: ReversalRequest) in
        input.frame.request(.reversal(of: input.transactionID), input.annotations)
    }

    // MARK: - Steps

    /// - Parameter command: makes a request of one command.
    private static func writing<Input: RequestInput>(
        _ command: @escaping @Sendable (Input) -> WriteRequest
    ) -> Handler {
        Handler { (request, context) throws(Problem) in
            let write = command(try Input(request))
            return .bringing { receive in
                context.service.submit(write) { receive(response(to: write, $0)) }
            }
        }
    }

    private static func response(
        to found: Result<Account?, LedgerError>
    ) -> Result<Response, Problem> {
        switch found {
        case .success(let account?): .success(account.response())
        case .success(nil): .failure(.userNotFound)
        case .failure(let error): .failure(Problem(error))
        }
    }

    private static func response(
        to write: WriteRequest, _ decision: Result<Decision, LedgerError>
    ) -> Result<Response, Problem> {
        decision.mapError { Problem($0) }.flatMap { decision in
            let outcome = decision.only
            guard let receipt = outcome.receipt else {
                return .failure(Problem(outcome).ofDryRun(write.isDryRun))
            }
            let answer = WriteAnswer(
                receipt: receipt, isReplayed: outcome.isReplay, isDryRun: write.isDryRun)
            return .success(answer.response())
        }
    }
}
