import HTTP
import Ledger

/// What a route takes: made from a request, or refused with the problem that says why not.
protocol RequestInput: Sendable {
    init(_ request: IncomingRequest) throws(Problem)
}

/// What a route gives.
protocol Answer: Sendable {
    /// The answer in HTTP, without the fields that every answer carries.
    func response() -> Response
}

/// What a route does, with the types of its input and its answer rubbed off. The input is read at
/// once, on the connection's loop; only the work itself may wait.
struct Handler: Sendable {
    enum Work: Sendable {
        case done(Response)
        case waiting(@Sendable () async throws(Problem) -> Response)
        /// Waits too, and needs no task for it: what nearly all traffic asks for.
        case bringing(@Sendable (@escaping Receiver<Result<Response, Problem>>) -> Void)

        /// What comes of it, for who waits in a task anyway.
        func response() async throws(Problem) -> Response {
            switch self {
            case .done(let response): response
            case .waiting(let work): try await work()
            case .bringing(let work): try await awaited(work).get()
            }
        }
    }

    let begin: @Sendable (IncomingRequest, APIContext) throws(Problem) -> Work

    /// For what is answered from memory, and changes nothing.
    static func immediate<Input: RequestInput, Output: Answer>(
        _ function: @escaping @Sendable (Input, APIContext) throws(Problem) -> Output
    ) -> Handler {
        Handler { (request, context) throws(Problem) in
            .done(try function(try Input(request), context).response())
        }
    }

    /// For what asks the database.
    static func waiting<Input: RequestInput, Output: Answer>(
        _ function: @escaping @Sendable (Input, APIContext) async throws(Problem) -> Output
    ) -> Handler {
        Handler { (request, context) throws(Problem) in
            let input = try Input(request)
            return .waiting { () async throws(Problem) in
                try await function(input, context).response()
            }
        }
    }
}
