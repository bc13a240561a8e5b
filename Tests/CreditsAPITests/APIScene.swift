import HTTP
import Ledger
import Logging
import Postgres
import Reactor
import TestSupport
import Testing

@testable import CreditsAPI

/// The API over a database of its own, asked as a server would ask it.
///
/// Whatever a test asks for, the answer is held against the route table: its status must be
/// declared, its body must fit its schema, and it must carry what every answer carries.
struct APIScene: Sendable {
    let pool: ConnectionPool
    let service: CreditService
    let responder: CreditsResponder
    let log: LogRecorder

    init(
        address: DatabaseAddress, loop: EventLoop, settings: APISettings = .forTests,
        ledger: LedgerSettings = LedgerSettings(),
        schema: SchemaChangeSettings = .patient, isDraining: Bool = false
    ) {
        let log = LogRecorder()
        let logger = Logger(label: "test") { _ in log }
        pool = Self.pool(of: 4, on: address, loop: loop, logger: logger)
        service = CreditService(
            pool: pool, schemaPool: Self.pool(of: 1, on: address, loop: loop, logger: logger),
            settings: ledger, schemaSettings: schema, executor: loop, now: settings.now,
            logger: logger)
        // Rendering takes its time in a debug build, and differs only where the files are others.
        let documents =
            settings.docsDirectory == nil
            ? DocumentLibrary.forTests : DocumentLibrary(settings, logger: logger)
        responder = CreditsResponder(
            service: service, settings: settings, documents: documents,
            isDraining: { isDraining }, logger: logger)
        self.log = log
    }

    private static func pool(
        of size: Int, on address: DatabaseAddress, loop: EventLoop, logger: Logger
    ) -> ConnectionPool {
        ConnectionPool(
            address: address, settings: .patient(size: size), loop: loop, logger: logger)
    }

    func newUser(_ name: String = "Test") async throws -> UserID {
        let email = "user-\(UInt64.random(in: .min ... .max))@example.com"
        let user = try #require(NewUser(email: email, name: name))
        return try #require(try await service.createUser(user)).id
    }

    func newUser(holding credits: Int64) async throws -> UserID {
        try await newReceipt(of: credits).user
    }

    /// What a new user got for the first entry.
    func newReceipt(of credits: Int64) async throws -> Receipt {
        let user = try await newUser()
        let amount = try #require(CreditAmount(credits))
        let outcome = try await service.perform(Command(user: user, change: .add(amount)))
        return try #require(outcome.receipt)
    }
}

extension APIScene {
    /// - Parameters:
    ///   - request: method and target, as in a request line.
    ///   - body: sent with `Content-Type: application/json`, unless `fields` name another.
    func ask(
        _ request: String, _ body: String? = nil, _ fields: Fields = [:]
    ) async throws -> Response {
        try await ask(request, bytes: body.map { Array($0.utf8) }, fields)
    }

    func ask(
        _ request: String, bytes body: [UInt8]?, _ fields: Fields = [:], from peer: String = ""
    ) async throws -> Response {
        let words = request.split(separator: " ").map(String.init)
        let method = try #require(Method(rawValue: words[0]))
        var fields = fields
        if !fields.contains(.host) { fields.append(.host, "localhost:8000") }
        if body != nil, !fields.contains(.contentType) {
            fields.append(.contentType, "application/json")
        }
        let target = try RequestTarget(words[1], for: method)
        let request = Request(
            head: RequestHead(method: method, target: target, fields: fields),
            body: body ?? [], peer: peer)
        let response = try await answer(to: request)
        try expectDeclared(response, for: method, target)
        return response
    }

    private func answer(to request: Request) async throws -> Response {
        switch responder.respond(to: request) {
        case .now(let response): response
        case .later(let answer): await answer()
        case .brought(let work): await awaited(work)
        }
    }

    // A table that clashes fails the router's own tests too.
    private static let router = try? Router(RouteTable.routes)

    private func expectDeclared(
        _ response: Response, for method: Method, _ target: RequestTarget
    ) throws {
        #expect(response.fields["X-Request-Id"] != nil)
        #expect(response.fields["X-Content-Type-Options"] == "nosniff")
        #expect(response.fields["Cache-Control"] != nil)
        if response.status.code >= 400 {
            let problem = try response.json
            let type = try #require(response.problem.flatMap(ProblemType.init(rawValue:)))
            #expect(type.schema.schema.violations(by: problem) == [])
            #expect(response.fields["Content-Type"] == "application/problem+json")
            #expect(response.text("request_id") == response.fields["X-Request-Id"])
        }
        let operation = Self.router?.resource(for: target)?.resource.operation(method)
        guard let operation,
            let route = RouteTable.routes.first(where: { $0.operationID == operation.operationID })
        else { return }
        #expect(route.statuses.contains(response.status.code), "\(route.operationID)")
        let declared = route.responses.first { $0.status == response.status }
        for content in declared?.contents ?? [] where content.mediaType == "application/json" {
            guard response.fields["Content-Type"] == "application/json" else { continue }
            #expect(content.schema.violations(by: try response.json) == [])
        }
    }
}

extension DocumentLibrary {
    static let forTests = DocumentLibrary(
        .forTests, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

extension SchemaChangeSettings {
    static var patient: SchemaChangeSettings {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = patience
        settings.statementTimeout = patience
        return settings
    }
}

extension APISettings {
    static let forTests = APISettings(version: "1.2.3", isLoopbackOnly: true)
}

extension Response {
    var json: JSONValue {
        get throws { try JSONParser.parse(body) }
    }

    var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// A member of the body; nil where there is none, or no JSON at all.
    func member(_ name: String) -> JSONValue? {
        // A body that is no JSON has no members.
        guard case .object(let object) = try? json else { return nil }
        return object[name]
    }

    func text(_ name: String) -> String? {
        guard case .string(let text) = member(name) else { return nil }
        return text
    }

    func integer(_ name: String) -> Int64? {
        guard case .number(let number) = member(name), case .exactly(let value) = number.wholeNumber
        else { return nil }
        return value
    }

    /// The slug of the problem.
    var problem: String? { text("type").map { String($0.dropFirst("/problems/".count)) } }

    /// The pointers, or the names, of the values that are wrong.
    var places: [String] {
        guard case .array(let errors) = member("errors") else { return [] }
        return errors.compactMap { error in
            guard case .object(let object) = error,
                case .string(let place) = object["pointer"] ?? object["parameter"]
            else { return nil }
            return place
        }
    }
}
