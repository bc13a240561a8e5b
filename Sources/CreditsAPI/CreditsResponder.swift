package import HTTP
package import Ledger
package import Logging

/// Answers requests: the one place where values become HTTP.
///
/// Guards go before everything, in order of precedence: another site's page learns nothing, then
/// comes the path (404), the method (405), the administrator's token (401, 403), and only then does
/// the route read the request (400, 415, 422) and do its work. Whatever happens, the answer carries
/// the request's id, and a line in the log does too.
///
/// A class because every answer that waits holds on to it: one reference instead of a copy.
package final class CreditsResponder: Responder {
    private let router: Router
    private let siteGuard: SiteGuard
    private let context: APIContext
    private let requestIDs = RequestID()
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
        context = APIContext(
            service: service, settings: settings, documents: documents, isDraining: isDraining)
        log = AccessLog(logger)
    }

    package func respond(to request: Request) -> Reply {
        let exchange = Exchange(
            method: request.method, path: request.target.loggedPath,
            requestID: requestIDs.name(of: request.fields), started: log.now)
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
            method: head?.method, path: head?.target.loggedPath,
            requestID: requestIDs.name(of: head?.fields), started: log.now)
        return finish(Problem(error), exchange)
    }

    // MARK: - Steps

    private func begin(
        _ request: Request, _ exchange: Exchange
    ) throws(Problem) -> Handler.Work {
        try siteGuard.check(request.head)
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
            return .done(.options(allow: resource.allow))
        }
        if operation.access == .administrator {
            try context.settings.administratorToken?.check(request.fields)
        }
        let incoming = IncomingRequest(
            request: request, id: exchange.requestID, parameterNames: operation.parameterNames,
            parameterValues: parameters)
        return try operation.handler.begin(incoming, context)
    }

    private func finish(_ problem: Problem, _ exchange: Exchange) -> Response {
        if let cause = problem.cause { log.fault(cause, exchange) }
        return finish(
            problem.response(instance: exchange.path, requestID: exchange.requestID), exchange)
    }

    private func finish(_ response: Response, _ exchange: Exchange) -> Response {
        var response = response
        response.fields.append(.requestID, exchange.requestID)
        response.fields.append(.contentTypeOptions, "nosniff")
        // Balances are nobody's to keep; what may be kept says so itself.
        if !response.fields.contains(.cacheControl) {
            response.fields.append(.cacheControl, "no-store")
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
    fileprivate var namesPath: Bool { form == .origin || form == .absolute }
    /// Without the query, which may hold what is nobody's business.
    fileprivate var loggedPath: String { namesPath ? path : raw }
}

extension Problem {
    /// A request that HTTP itself refuses.
    init(_ error: RequestError) {
        let type = [ProblemType].everywhere.first { $0.status == error.status }
        self.init(type: type ?? .malformedRequest, detail: error.explanation)
    }
}
