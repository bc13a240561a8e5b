import HTTP
import Testing

@testable import CreditsAPI

struct `The OpenAPI document` {
    private static let parsed = Result {
        try JSONParser.parse(OpenAPIDocument.render(version: "1.2.3"))
    }
    private let document: JSONValue

    init() throws {
        document = try Self.parsed.get()
    }

    private func operation(_ route: Route) -> JSONValue? {
        document["paths"]?[route.path.text]?[route.method.rawValue.lowercased()]
    }

    @Test func `says what it is`() {
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"] == "1.2.3")
        #expect(document["info"]?["description"]?.text?.contains("LOG_LEVEL=debug") == true)
    }

    @Test func `is the same in every rendering`() {
        let renderings = (0..<3).map { _ in OpenAPIDocument.render(version: "1.2.3") }
        #expect(Set(renderings).count == 1)
    }

    @Test func `has the routes of the table and no others, in its order`() {
        let operations = document["paths"]?.members.flatMap { path in
            path.value.members.map { "\($0.name.uppercased()) \(path.name)" }
        }
        let routes = RouteTable.routes.map { "\($0.method) \($0.path.text)" }
        #expect(Set(operations ?? []) == Set(routes))
        var paths: [String] = []
        for route in RouteTable.routes where !paths.contains(route.path.text) {
            paths.append(route.path.text)
        }
        #expect(document["paths"]?.members.map(\.name) == paths)
    }

    @Test(arguments: RouteTable.routes)
    func `declares every status that can occur`(route: Route) {
        let declared = operation(route)?["responses"]?.members.map(\.name)
        #expect(declared == route.statuses.sorted().map(String.init))
    }

    @Test(arguments: RouteTable.routes)
    func `shows every problem of a route in the answer of its status`(route: Route) throws {
        for type in route.allProblems {
            let reference = operation(route)?["responses"]?["\(type.status.code)"]?["$ref"]?.text
            let response = document.target(of: try #require(reference))
            let content = response?["content"]?["application/problem+json"]
            let example = content?["examples"]?[type.slug]?["value"]
            #expect(example?["type"] == .string(type.path))
        }
    }

    @Test(arguments: RouteTable.routes)
    func `declares parameters, body and guard of a route`(route: Route) {
        let operation = operation(route)
        let names = operation?["parameters"]?.elements.compactMap { $0["name"]?.text }
        #expect(names == route.parameters.map(\.name))
        let parameters = operation?["parameters"]?.elements ?? []
        #expect(parameters.contains(["$ref": "#/components/parameters/X-Request-Id"]))
        let body = operation?["requestBody"]?["content"]?["application/json"]
        #expect(body?["example"] == route.requestBody?.example)
        #expect((operation?["security"] != nil) == (route.access != .open))
    }

    @Test func `fills no form with what may be left out`() {
        let parameters = document.all("parameters").flatMap(\.elements)
        let optional = parameters.filter { $0["required"] == false }
        #expect(!optional.isEmpty)
        #expect(optional.allSatisfy { $0["example"] == nil })
    }

    @Test func `has no reference that leads nowhere`() {
        let references = Set(document.all("$ref").compactMap(\.text))
        #expect(references.count > 20)
        for reference in references {
            #expect(document.target(of: reference) != nil, "\(reference)")
        }
    }

    @Test func `names every operation once`() {
        let identifiers = document.all("operationId").compactMap(\.text)
        #expect(identifiers.count == RouteTable.routes.count)
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func `says of every answer that it carries a request id`() {
        let responses = document.all("responses").flatMap(\.members).map(\.value)
        let described = responses.filter { $0["description"] != nil }
        #expect(!described.isEmpty)
        #expect(described.allSatisfy { $0["headers"]?["X-Request-Id"] != nil })
    }

    @Test(arguments: [
        ("MethodNotAllowed", "Allow"), ("AuthenticationRequiredOrInvalidKey", "WWW-Authenticate"),
        ("NotReadyOrOverloaded", "Retry-After"), ("UserNotFound", "X-Request-Id"),
        ("RateLimited", "Retry-After"), ("RateLimited", "RateLimit"),
        ("RateLimited", "RateLimit-Policy"),
    ])
    func `knows the fields of a problem's answer`(component: String, field: String) {
        #expect(document["components"]?["responses"]?[component]?["headers"]?[field] != nil)
    }

    @Test func `promises no RateLimit, which too many wrong keys are answered without`() {
        let headers = document["components"]?["headers"]
        #expect(headers?["RateLimit"]?["required"] == false)
        #expect(headers?["RateLimit-Policy"]?["required"] == false)
        #expect(headers?["Retry-After"]?["required"] == true)
    }
}

struct `A problem's example` {
    @Test(arguments: ProblemType.allCases)
    func `is of its type, and as the schema has it`(type: ProblemType) {
        let example = type.example
        #expect(example.type == type)
        let body = example.exampleBody(for: RouteTable.routes[0])
        #expect(type.schema.schema.violations(by: body) == [])
        #expect(body["instance"] == "/api/credits/1")
    }

    @Test func `has the members that a shortfall has`() {
        let body = ProblemType.insufficientCredits.example.exampleBody(for: nil)
        let schema = SchemaComponent.insufficientCreditsProblem.schema
        #expect(schema.violations(by: body) == [])
    }

    @Test func `says nothing of the inside`() {
        let body = ProblemType.internalError.example.exampleBody(for: nil)
        #expect(!String(decoding: body.encoded(), as: UTF8.self).contains("for the documents"))
    }
}
