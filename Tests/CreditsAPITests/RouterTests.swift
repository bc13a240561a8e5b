import HTTP
import Testing

@testable import CreditsAPI

struct `The router` {
    @Test(arguments: [
        ("/", "getIndex", []),
        ("/api/credits/7", "getBalance", ["7"]),
        ("/api/credits/7/", "getBalance", ["7"]),
        ("/api/credits/%37", "getBalance", ["7"]),
        ("/api/credits/a%2Fb", "getBalance", ["a/b"]),
        ("/api/credits/add", "getBalance", ["add"]),
        ("/api/credits/../credits/./7", "getBalance", ["7"]),
        ("http://localhost:8000/api/credits/7", "getBalance", ["7"]),
        // A user's number that is empty is a wrong value, not another path.
        ("/api/credits/", "getBalance", [""]),
        ("/api/users", "listUsers", []),
        ("/api/users/", "listUsers", []),
        ("/api/users//", "getUser", [""]),
        ("/api/users/7?limit=1", "getUser", ["7"]),
        ("/docs", "getDocumentationPage", []),
        ("/docs/swagger-ui.css", "getDocumentationAsset", ["swagger-ui.css"]),
    ])
    func `finds what stands at a path`(
        path: String, operationID: String, parameters: [String]
    ) throws {
        let router = try Router(RouteTable.routes)
        let target = try RequestTarget(path, for: .get)
        let found = try #require(router.resource(for: target))
        #expect(found.resource.operation(.get)?.operationID == operationID)
        #expect(found.parameters == parameters)
    }

    @Test(arguments: [
        "/api", "/api/", "/api/credits", "/api/credits/7/add/8", "/api/credits/7/steal",
        "/API/users",
        "//", "//api/users", "/openapi.json/x", "/.env",
    ])
    func `finds nothing elsewhere`(path: String) throws {
        let router = try Router(RouteTable.routes)
        #expect(router.resource(for: try RequestTarget(path, for: .get)) == nil)
    }

    @Test func `prefers a literal to a hole, and comes back for the hole`() throws {
        let router = try Router([
            .named("hole", .get, "/a/{x}/c"), .named("literal", .get, "/a/b"),
            .named("deep", .get, "/a/b/d"),
        ])
        func find(_ path: String) throws -> String? {
            let found = router.resource(for: try RequestTarget(path, for: .get))
            return found?.resource.operation(.get)?.operationID
        }
        #expect(try find("/a/b") == "literal")
        #expect(try find("/a/b/d") == "deep")
        #expect(try find("/a/b/c") == "hole")
        #expect(try find("/a/z/d") == nil)
    }

    @Test(arguments: [
        ([Route.named("one", .get, "/a/{x}"), .named("two", .get, "/a/{y}")], "one", "two"),
        ([.named("one", .post, "/a"), .named("two", .post, "/a/")], "one", "two"),
        ([.named("same", .get, "/a"), .named("same", .get, "/b")], "same", "same"),
    ])
    func `refuses routes that clash, with both names`(
        routes: [Route], first: String, second: String
    ) {
        #expect(throws: RouteClash(first: first, second: second)) { try Router(routes) }
        #expect(RouteClash(first: first, second: second).description.contains(first))
    }

    @Test func `answers HEAD where there is GET, and lists what a path has`() throws {
        let router = try Router(RouteTable.routes)
        let target = try RequestTarget("/api/users", for: .get)
        let resource = try #require(router.resource(for: target)).resource
        #expect(resource.operation(.head)?.operationID == "listUsers")
        #expect(resource.operation(.trace) == nil)
        #expect(resource.allow == "GET, HEAD, OPTIONS, POST")
        #expect(router.allow == "DELETE, GET, HEAD, OPTIONS, PATCH, POST")
    }
}

extension Route {
    static func named(_ operationID: String, _ method: Method, _ path: PathPattern) -> Route {
        Route(
            method: method, path: path, operationID: operationID, tag: .operations, summary: "",
            description: "", responses: [],
            handler: .immediate { (_: NoInput, _) in ReadyAnswer(.json(.ok, [])) })
    }
}
