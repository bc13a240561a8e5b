package import HTTP
package import Ledger
package import Logging

/// Answers requests: the one place where values become HTTP.
///
/// Guards go before everything, in order of precedence: another site's page learns nothing, then
/// comes the path (404), the method (405), how often it was called and the key (429, 401, 403).
/// Then the route reads the request (400, 415, 422), then come a write's preconditions (412), and
/// only then is the work done; a read's are held against its answer (304, 412). Whatever happens,
/// the request is counted, and the answer carries its id, as does its line in the log.
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
    private let metrics: RequestMetrics
    private let log: AccessLog

    package convenience init(
        service: CreditService, settings: APISettings,
        isDraining: @escaping @Sendable () -> Bool = { false }, probe: ProcessProbe = .none,
        logger: Logger
    ) {
        self.init(
            service: service, settings: settings,
            documents: DocumentLibrary(settings, logger: logger), isDraining: isDraining,
            probe: probe, logger: logger)
    }

    /// With documents that are rendered already.
    init(
        service: CreditService, settings: APISettings, documents: DocumentLibrary,
        isDraining: @escaping @Sendable () -> Bool, probe: ProcessProbe = .none, logger: Logger
    ) {
        do {
            router = try Router(RouteTable.routes)
        } catch {
            preconditionFailure("\(error)")
        }
        siteGuard = SiteGuard(settings)
        metrics = RequestMetrics(router.meters)
        let exposition = MetricsExposition(
            requests: metrics, service: service, probe: probe, version: settings.version)
        crossOrigin = CrossOriginPolicy(settings)
        limits = TrafficLimits(settings)
        gate = KeyGate(
            settings, ring: service.keys,
            failures: settings.badKeyRate.map { RateLimiter($0, now: settings.now) })
        context = APIContext(
            service: service, settings: settings, documents: documents, metrics: exposition,
            isDraining: isDraining)
        log = AccessLog(logger)
    }

    package func respond(to request: Request) -> Reply {
        var exchange = exchange(with: request.head)
        do throws(Problem) {
            return reply(try begin(request, &exchange), exchange)
        } catch {
            return .now(finish(error, exchange))
        }
    }

    package func refusal(of request: Request) -> Response? {
        var exchange = exchange(with: request.head)
        do throws(Problem) {
            if case .operation(_, let operation) = try destination(request, &exchange),
                case .requires(let scope) = operation.access
            {
                try refuse(request, without: scope)
            }
            return nil
        } catch {
            return finish(error, exchange)
        }
    }

    /// What is not refused comes again, whole, and is counted then.
    private func refuse(_ request: Request, without scope: Scope) throws(Problem) {
        try limits.look(request)
        do throws(Problem) {
            _ = try gate.judge(request, scope)
        } catch {
            try limits.count(request)
            throw error
        }
    }

    package func respond(to error: RequestError, head: RequestHead?) -> Response {
        finish(Problem(error), exchange(with: head))
    }

    // MARK: - Steps

    private func exchange(with head: RequestHead?) -> Exchange {
        Exchange(
            head: head, id: requestIDs.id(of: head?.fields), started: .now, meter: metrics.unrouted)
    }

    private static let usualFields: Fields = [.contentTypeOptions: "nosniff"]
    /// Balances are nobody's to keep; what may be kept says so itself.
    private static let unkeptFields: Fields = [
        .contentTypeOptions: "nosniff", .cacheControl: "no-store",
    ]

    private func begin(
        _ request: Request, _ exchange: inout Exchange
    ) throws(Problem) -> Handler.Work {
        switch try destination(request, &exchange) {
        case .answered(let response): return .done(response)
        case .operation(let incoming, let operation):
            guard case .requires(let scope) = operation.access else {
                return try start(incoming, operation)
            }
            try limits.count(request)
            return try admit(incoming, scope, operation)
        }
    }

    private enum Destination {
        case operation(IncomingRequest, Router.Operation)
        case answered(Response)
    }

    /// Where the head leads, by whoever it comes.
    private func destination(
        _ request: Request, _ exchange: inout Exchange
    ) throws(Problem) -> Destination {
        let isListed = crossOrigin.origin(of: request.fields) != nil
        try siteGuard.check(request.head, isListed: isListed)
        guard request.target.namesPath else {
            guard request.method == .options else {
                throw .methodNotAllowed(request.method, allow: router.allow)
            }
            return .answered(.options(allow: router.allow))
        }
        guard let (resource, parameters) = router.resource(for: request.target) else {
            throw .nothingHere
        }
        guard let operation = resource.operation(request.method) else {
            guard request.method == .options else {
                throw .methodNotAllowed(request.method, allow: resource.allow)
            }
            return .answered(
                crossOrigin.preflight(request, allow: resource.allow)
                    ?? .options(allow: resource.allow))
        }
        let incoming = IncomingRequest(
            request: request, id: exchange.id, parameterNames: operation.parameterNames,
            parameterValues: parameters)
        exchange.meter = operation.meter
        return .operation(incoming, operation)
    }

    /// The work itself, once it is known whose it is: now, or after the database was asked.
    private func admit(
        _ request: IncomingRequest, _ scope: Scope, _ operation: Router.Operation
    ) throws(Problem) -> Handler.Work {
        switch try gate.judge(request.request, scope) {
        case .passed(let caller):
            return try start(request, of: caller, operation)
        case .unsettled(let question):
            return .waiting { [self] () async throws(Problem) in
                let caller = try await gate.settle(question, scope)
                return try await start(request, of: caller, operation).response()
            }
        }
    }

    private func start(
        _ request: IncomingRequest, of caller: Caller, _ operation: Router.Operation
    ) throws(Problem) -> Handler.Work {
        try limits.count(caller)
        var request = request
        request.caller = caller
        return try start(request, operation)
    }

    private func start(
        _ request: IncomingRequest, _ operation: Router.Operation
    ) throws(Problem) -> Handler.Work {
        let work = try operation.handler.begin(request, context)
        let fields = request.request.fields
        // Faults that show before the work begins go before preconditions (RFC 9110 13.2.1).
        guard operation.isSafe else {
            if !operation.hasQueryParameters { try request.refuseQuery() }
            try Preconditions.check(write: fields)
            return work
        }
        return Preconditions.stand(in: fields) ? try work.held(against: fields) : work
    }

    private func reply(_ work: Handler.Work, _ exchange: Exchange) -> Reply {
        switch work {
        case .done(let response):
            return .now(finish(response, exchange))
        case .waiting:
            metrics.beginsToWait()
            return .later { [self] in
                defer { metrics.endsToWait() }
                do throws(Problem) {
                    return finish(try await work.response(), exchange)
                } catch {
                    return finish(error, exchange)
                }
            }
        case .bringing(let work):
            metrics.beginsToWait()
            return .brought { [self] receive in
                work { [self] result in
                    metrics.endsToWait()
                    switch result {
                    case .success(let response): receive(finish(response, exchange))
                    case .failure(let problem): receive(finish(problem, exchange))
                    }
                }
            }
        }
    }

    private func finish(_ problem: Problem, _ exchange: Exchange) -> Response {
        if let cause = problem.cause { log.tell(cause, of: problem.type, exchange) }
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
        let elapsed = ContinuousClock.now - exchange.started
        exchange.meter.record(response.status, after: elapsed)
        log.record(response.status, exchange, after: elapsed)
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
