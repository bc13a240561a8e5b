import HTTP
import Testing

@testable import CreditsAPI

@Suite("Calls that change something and have no query parameters")
struct QueryRefusalTests {
    private static let routes = RouteTable.routes.filter { route in
        !route.method.isSafe && !route.parameters.contains { $0.location == .query }
    }

    @Test(arguments: routes)
    func `refuse a query before they do anything`(route: Route) async throws {
        try await withAPIWithoutDatabase { api in
            let path = route.parameters.reduce(route.path.text) { path, parameter in
                let value = String(decoding: parameter.example.encoded(), as: UTF8.self)
                return path.replacing("{\(parameter.name)}", with: value.replacing("\"", with: ""))
            }
            let body = route.requestBody.map {
                String(decoding: $0.example.encoded(), as: UTF8.self)
            }
            let response = try await api.ask("\(route.method) \(path)?dry_run=true", body)
            #expect(response.status == .unprocessableContent, "\(response.bodyText)")
            #expect(response.places == ["dry_run"])
            #expect(route.allProblems.contains(.invalidValue))
        }
    }

    @Test func `are those of users, keys, grants and the schema`() {
        #expect(
            Set(Self.routes.map(\.operationID)) == [
                "createUser", "deleteUser", "createKey", "revokeKey", "runDailyGrant",
                "updateSchema", "planSchema",
            ])
    }
}
