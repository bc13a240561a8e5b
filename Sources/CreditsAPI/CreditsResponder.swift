package import HTTP
package import Ledger
package import Logging

/// Answers requests: the one place where values become HTTP.
///
/// Guards go before everything, in order of precedence: another site's page learns nothing, then
/// comes the path (404), the method (405), how often it was called and the key (429, 401, 403), and
/// only then does the route read the request (400, 415, 422) and do its work. Whatever happens, the
/// answer carries the request's id, and a line in the log does too.
///
/// A class because every answer that waits holds on to it: one reference instead of a copy.
package final class CreditsResponder: Responder {
    private let router: Router
    private let siteGuard: SiteGuard
    private let crossOrigin: CrossOriginPolicy
    private let limits: TrafficLimits
    private let gate: KeyGate
    private let context: APIContext
    private let requestIDs = RequestIDs()
    private let log: AccessLog

    package convenience init(
        service: CreditService, settings: APISettings,
        isDraining: @escaping @Sendable () -> Bool = { false }, logger: Logger
    ) {
        self.init(
            service: service, settings: settings,
            documents: DocumentLibrary(settings, logger: logger), isDraining: isDraining,
            logger: logger)
    }

    /// With documents that are rendered already.
    init(
        service: CreditService, settings: APISettings, documents: DocumentLibrary,
        isDraining: @escaping @Sendable () -> Bool, logger: Logger
    ) {
        do {
            router = try Router(RouteTable.routes)
        } catch {
            preconditionFailure("\(error)")
        }
        siteGuard = SiteGuard(settings)
        crossOrigin = CrossOriginPolicy(settings)
        limits = TrafficLimits(settings)
        gate = KeyGate(
            settings, ring: service.keys,
            failures: RateLimiter(.ofBadKeys, now: settings.now))
        context = APIContext(
            service: service, settings: settings, documents: documents, isDraining: isDraining)
        log = AccessLog(logger)
    }

    package func respond(to request: Request) -> Reply {
        let exchange = Exchange(
            head: request.head, id: requestIDs.id(of: request.head.fields), started: log.now)
        do throws(Problem) {
            switch try begin(request, exchange) {
            case .done(let response):
                return .now(finish(response, exchange))
            case .waiting(let work):
                return .later { [self] in
                    do throws(Problem) {
                        return finish(try await work(), exchange)
                    } catch {
                        return finish(error, exchange)
                    }
                }
            }
        } catch {
            return .now(finish(error, exchange))
        }
    }

    package func respond(to error: RequestError, head: RequestHead?) -> Response {
        let exchange = Exchange(
            head: head, id: requestIDs.id(of: head?.fields), started: log.now)
        return finish(Problem(error), exchange)
    }

    // MARK: - Steps

    private static let usualFields: Fields = [.contentTypeOptions: "nosniff"]
    /// Balances are nobody's to keep; what may be kept says so itself.
    private static let unkeptFields: Fields = [
        .contentTypeOptions: "nosniff", .cacheControl: "no-store",
    ]

    private func begin(
        _ request: Request, _ exchange: Exchange
    ) throws(Problem) -> Handler.Work {
        let isListed = crossOrigin.origin(of: request.fields) != nil
        try siteGuard.check(request.head, isListed: isListed)
        guard request.target.namesPath else {
            guard request.method == .options else {
                throw .methodNotAllowed(request.method, allow: router.allow)
            }
            return .done(.options(allow: router.allow))
        }
        guard let (resource, parameters) = router.resource(for: request.target) else {
            throw .nothingHere
        }
        guard let operation = resource.operation(request.method) else {
            guard request.method == .options else {
                throw .methodNotAllowed(request.method, allow: resource.allow)
            }
            return .done(
                crossOrigin.preflight(request, allow: resource.allow)
                    ?? .options(allow: resource.allow))
        }
        let incoming = IncomingRequest(
            request: request, id: exchange.id, parameterNames: operation.parameterNames,
            parameterValues: parameters)
        guard case .requires(let scope) = operation.access else {
            return try operation.handler.begin(incoming, context)
        }
        try limits.count(request)
        return try admit(incoming, scope, operation.handler)
    }

    /// The work itself, once it is known whose it is: now, or after the database was asked.
    private func admit(
        _ request: IncomingRequest, _ scope: Scope, _ handler: Handler
    ) throws(Problem) -> Handler.Work {
        switch try gate.judge(request.request, scope) {
        case .passed(let caller):
            return try begin(request, caller, handler)
        case .unsettled(let question):
            return .waiting { [self] () async throws(Problem) in
                let caller = try await gate.settle(question, scope)
                switch try begin(request, caller, handler) {
                case .done(let response): return response
                case .waiting(let work): return try await work()
                }
            }
        }
    }

    private func begin(
        _ request: IncomingRequest, _ caller: Caller, _ handler: Handler
    ) throws(Problem) -> Handler.Work {
        try limits.count(caller)
        var request = request
        request.caller = caller
        return try handler.begin(request, context)
    }

    private func finish(_ problem: Problem, _ exchange: Exchange) -> Response {
        if let cause = problem.cause { log.fault(cause, exchange) }
        return finish(
            problem.response(instance: exchange.path, requestID: exchange.id.text), exchange)
    }

    private func finish(_ response: Response, _ exchange: Exchange) -> Response {
        var response = response
        let mayBeKept = response.fields.contains(.cacheControl)
        response.fields.reserveForAnswer()
        response.fields.append(.requestID, exchange.id.bytes)
        response.fields.append(contentsOf: mayBeKept ? Self.usualFields : Self.unkeptFields)
        if !crossOrigin.isOff, let fields = exchange.head?.fields {
            crossOrigin.mark(&response, for: crossOrigin.origin(of: fields))
        }
        log.record(response.status, exchange)
        return response
    }
}

extension Response {
    fileprivate static func options(allow: String) -> Response {
        Response(status: .noContent, fields: [.allow: allow])
    }
}

extension RequestTarget {
    var namesPath: Bool { form == .origin || form == .absolute }
}

extension Problem {
    /// A request that HTTP itself refuses.
    init(_ error: RequestError) {
        let type = [ProblemType].everywhere.first { $0.status == error.status }
        self.init(type: type ?? .malformedRequest, detail: error.explanation)
    }
}
