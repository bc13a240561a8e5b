import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `The route table` {
    @Test func `is the interface that was promised`() {
        let operations = RouteTable.routes.map { "\($0.method) \($0.path.text)" }
        for promised in [
            "GET /api/credits/{user_id}", "POST /api/credits/{user_id}/add",
            "POST /api/credits/{user_id}/deduct", "PATCH /api/credits/{user_id}/reset",
            "POST /api/credits/{user_id}/transfer", "POST /api/credits/batch",
            "POST /api/credits/{user_id}/transactions/{transaction_id}/reverse",
            "GET /api/grants/daily", "GET /api/grants/daily/{day}/coverage",
            "POST /api/grants/daily/{day}/run", "POST /api/schema/update", "POST /api/users",
            "GET /api/users/{user_id}",
            "GET /api/users", "GET /livez", "GET /readyz", "GET /healthz", "GET /health",
            "GET /openapi.json", "GET /docs", "GET /docs/{asset}", "GET /redoc",
            "GET /postman_collection.json", "GET /problems/{type}", "GET /",
        ] {
            #expect(operations.contains(promised))
        }
    }

    @Test(arguments: RouteTable.routes)
    func `describes every route whole`(route: Route) {
        #expect(!route.summary.isEmpty && !route.summary.hasSuffix("."))
        #expect(route.description.hasSuffix("."))
        #expect(!route.responses.isEmpty)
        let pathParameters = route.parameters.filter { $0.location == .path }
        #expect(pathParameters.map(\.name) == route.path.parameterNames)
        #expect(pathParameters.allSatisfy { $0.isRequired })
        let mayHaveBody = route.method == .post || route.method == .patch
        // All that it wants to know is in its path.
        let isBodiless = route.operationID == "runDailyGrant"
        #expect((route.requestBody != nil) == (mayHaveBody && !isBodiless))
        #expect(Set(route.problems).count == route.problems.count)
    }

    @Test(arguments: RouteTable.routes)
    func `shows examples that their schemas allow`(route: Route) throws {
        if let body = route.requestBody {
            #expect(body.schema.schema.violations(by: body.example) == [])
        }
        for content in route.responses.flatMap(\.contents) {
            guard let example = content.example else { continue }
            #expect(content.schema.violations(by: example) == [])
        }
        for parameter in route.parameters {
            #expect(parameter.schema.violations(by: parameter.example) == [])
        }
    }

    @Test func `guards all of the API, and nothing else`() {
        for route in RouteTable.routes {
            let isOfAPI = route.path.text.hasPrefix("/api/")
            #expect((route.access != .open) == isOfAPI, "\(route.operationID)")
            #expect(route.statuses.isSuperset(of: [401, 403, 429]) == isOfAPI)
        }
    }

    @Test func `asks for the scope of what a call does`() {
        let scopes = RouteTable.routes.reduce(into: [String: Scope]()) { scopes, route in
            if case .requires(let scope) = route.access { scopes[route.operationID] = scope }
        }
        #expect(scopes["getBalance"] == .readCredits)
        #expect(scopes["addCredits"] == .writeCredits)
        #expect(scopes["writeBatch"] == .writeCredits)
        #expect(scopes["listUsers"] == .readUsers)
        #expect(scopes["deleteUser"] == .writeUsers)
        #expect(scopes["updateSchema"] == .applySchema)
        #expect(scopes["createKey"] == .manageKeys)
        #expect(scopes["listAuditEntries"] == .manageKeys)
    }

    @Test func `gives every problem type an origin`() {
        let declared = Set(RouteTable.routes.flatMap(\.allProblems))
        // It belongs to a method that a path does not have, and so to no route.
        #expect(Set(ProblemType.allCases).subtracting(declared) == [.methodNotAllowed])
    }
}

struct `Every problem type` {
    @Test(arguments: ProblemType.allCases)
    func `has a slug, a title, a status and a page`(type: ProblemType) {
        #expect(type.slug.allSatisfy { $0.isLowercase || $0 == "-" })
        #expect(type.path == "/problems/\(type.slug)")
        #expect(!type.title.isEmpty && !type.title.hasSuffix("."))
        #expect((400...599).contains(type.status.code))
        #expect(type.documentation.hasSuffix("."))
    }

    @Test func `differs from the others`() {
        #expect(Set(ProblemType.allCases.map(\.title)).count == ProblemType.allCases.count)
        #expect(Set(ProblemType.allCases.map(\.documentation)).count == ProblemType.allCases.count)
    }
}
