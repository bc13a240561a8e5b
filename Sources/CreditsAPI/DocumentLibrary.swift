import HTTP
import Logging

/// The documents, rendered once at start: none of them changes while the process lives. The answer
/// to "are you alive" is one of them.
struct DocumentLibrary: Sendable {
    /// One thing to be told, to a browser and to a program.
    struct Pages: Sendable {
        let html: Response
        let json: Response
    }

    let index: Response
    let liveness: Response
    let openAPI: Response
    let postmanCollection: Response
    let docs: Response
    /// What the docs page loads, by file name.
    let assets: [String: Response]
    let problemIndex: Pages
    let problems: [ProblemType: Pages]

    init(_ settings: APISettings, logger: Logger) {
        let version = settings.version
        index = .json(.ok, Self.index(version: version))
        liveness = .json(.ok, ["status": "ok", "version": .string(version)])
        openAPI = .kept("application/json", OpenAPIDocument.render(version: version))
        postmanCollection = .kept("application/json", PostmanCollection.render(version: version))
        let swaggerUI = settings.docsDirectory.flatMap {
            SwaggerUIFiles.read(from: $0, logger: logger)
        }
        docs = .page(
            DocumentationPage.render(swaggerUI == nil ? .builtIn : .swaggerUI, version: version))
        // A file of ours goes before one of the same name from there.
        assets = ((swaggerUI ?? []) + DocumentationPage.assets).reduce(into: [:]) { assets, file in
            assets[file.name] = .kept(file.mediaType, file.body)
        }
        problemIndex = Pages(
            html: .page(ProblemPage.renderIndex()),
            json: .json(.ok, ["problems": .array(ProblemType.allCases.map(\.json))]))
        problems = ProblemType.allCases.reduce(into: [:]) { pages, type in
            pages[type] = Pages(
                html: .page(ProblemPage.render(type)), json: .json(.ok, type.json))
        }
    }

    private static func index(version: String) -> JSONValue {
        [
            "service": "credits", "version": .string(version), "documentation": "/docs",
            "openapi": "/openapi.json", "postman_collection": "/postman_collection.json",
            "problems": "/problems", "readiness": "/readyz",
        ]
    }
}

extension Response {
    /// A document that a client may keep, if it asks each time whether it is still the same.
    fileprivate static func kept(_ contentType: String, _ body: [UInt8]) -> Response {
        var response = Response(status: .ok, contentType: contentType, body: body)
        response.fields.append(.cacheControl, "no-cache")
        response.fields.append(.etag, EntityTag.text(of: body))
        return response
    }
}

extension ProblemType {
    fileprivate var json: JSONValue {
        [
            "type": .string(path), "title": .string(title), "status": .integer(status.code),
            "documentation": .string(documentation),
        ]
    }
}
