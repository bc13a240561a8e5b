import FoundationEssentials
import HTTP
import Logging
import Ledger
import TestSupport
import Testing

@testable import CreditsAPI

struct `The documentation calls` {
    private let browser: Fields = ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"]

    @Test func `lead a browser to the docs, and a program to an index`() async throws {
        try await withAPIWithoutDatabase { api in
            let led = try await api.ask("GET /", nil, browser)
            #expect(led.status == .seeOther)
            #expect(led.fields["Location"] == "/docs")
            let index = try await api.ask("GET /", nil, ["Accept": "*/*"])
            #expect(index.status == .ok)
            #expect(index.text("documentation") == "/docs")
            #expect(index.fields["Vary"] == "Accept")
            let redoc = try await api.ask("GET /redoc")
            #expect(redoc.status == .permanentRedirect)
            #expect(redoc.fields["Location"] == "/docs")
        }
    }

    @Test func `give the documents that were rendered`() async throws {
        try await withAPIWithoutDatabase { api in
            let openAPI = try await api.ask("GET /openapi.json")
            #expect(openAPI.body == OpenAPIDocument.render(version: "1.2.3"))
            let collection = try await api.ask("GET /postman_collection.json")
            #expect(collection.body == PostmanCollection.render(version: "1.2.3"))
            #expect(collection.fields["Content-Type"] == "application/json")
        }
    }

    @Test(arguments: ["/docs", "/docs/", "/problems", "/problems/not-found"])
    func `give pages that load nothing from elsewhere`(path: String) async throws {
        try await withAPIWithoutDatabase { api in
            let page = try await api.ask("GET \(path)", nil, browser)
            #expect(page.status == .ok)
            #expect(page.fields["Content-Type"] == "text/html; charset=utf-8")
            let policy = page.fields["Content-Security-Policy"] ?? ""
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("script-src 'self'"))
            #expect(!policy.contains("unsafe"))
            #expect(page.fields["X-Frame-Options"] == "DENY")
        }
    }

    @Test(arguments: ProblemType.allCases)
    func `have a page for every problem`(type: ProblemType) async throws {
        try await withAPIWithoutDatabase { api in
            let json = try await api.ask("GET \(type.path)")
            #expect(json.text("title") == type.title)
            #expect(json.integer("status") == Int64(type.status.code))
            let page = try await api.ask("GET \(type.path)", nil, browser)
            #expect(page.bodyText.contains(type.title))
        }
    }

    @Test func `give the page's own assets`() async throws {
        try await withAPIWithoutDatabase { api in
            for asset in DocumentationPage.assets {
                let response = try await api.ask("GET /docs/\(asset.name)")
                #expect(response.status == .ok)
                #expect(response.body == asset.body)
                #expect(response.fields["Content-Type"] == asset.mediaType)
            }
        }
    }

    @Test func `give Swagger UI where its files are, and nothing else from there`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "swagger-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "secret.txt"] {
            try Data(name.utf8).write(to: folder.appending(path: name))
        }
        let settings = APISettings(
            version: "1", isLoopbackOnly: true, docsDirectory: folder.path)
        try await withAPIWithoutDatabase(settings) { api in
            let script = try await api.ask("GET /docs/swagger-ui-bundle.js")
            #expect(script.bodyText == "swagger-ui-bundle.js")
            #expect(script.fields["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(try await api.ask("GET /docs/secret.txt").status == .notFound)
            #expect(try await api.ask("GET /docs").bodyText.contains("swagger-ui"))
        }
    }

    @Test func `do without Swagger UI where it is missing, and say so`() async throws {
        let settings = APISettings(
            version: "1", isLoopbackOnly: true, docsDirectory: "/nonexistent")
        try await withAPIWithoutDatabase(settings) { api in
            let page = try await api.ask("GET /docs")
            #expect(page.status == .ok)
            #expect(api.log.lines.contains { $0.level == .warning })
        }
    }
}

struct `Another site's page` {
    @Test(
        arguments: [
            (["Origin": "https://evil.example"], "cross-site-request"),
            (["Sec-Fetch-Site": "cross-site"], "cross-site-request"),
            (["Host": "evil.example:8000"], "unexpected-host"),
        ] as [(Fields, String)])
    func `reaches nothing`(fields: Fields, slug: String) async throws {
        try await withAPIWithoutDatabase { api in
            for call in [
                "GET /api/credits/1", "POST /api/credits/1/add", "OPTIONS /api/credits/1/add",
                "POST /api/schema/update", "GET /docs", "GET /nothing", "TRACE /",
            ] {
                let response = try await api.ask(call, nil, fields)
                #expect(response.status == .forbidden, "\(call)")
                #expect(response.problem == slug)
            }
        }
    }

    @Test func `is not our own`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let fields: Fields = [
                "Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000",
                "Sec-Fetch-Site": "same-origin",
            ]
            let path = "POST /api/credits/\(user)/add"
            #expect(try await api.ask(path, #"{"amount":1}"#, fields).status == .ok)
        }
    }
}
