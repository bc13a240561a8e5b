import HTTP

/// The part of the table in which the service tells of itself.
extension RouteTable {
    static let documentation: [Route] = [
        Route(
            method: .get, path: "/",
            operationID: "getIndex", tag: .documentation,
            summary: "Where to begin",
            description:
                "A browser is led to the docs page; every other client gets a small index.",
            responses: [
                .json(.ok, "The index.", .index, example: Example.index),
                .redirect(.seeOther, "For a browser: the docs page."),
            ],
            handler: .immediate(DocumentationEndpoints.index)),
        Route(
            method: .get, path: "/openapi.json",
            operationID: "getOpenAPIDocument", tag: .documentation,
            summary: "The OpenAPI document",
            description: "This interface in OpenAPI 3.1.0, generated from the table that also "
                + "routes the requests.",
            responses: [
                .json(
                    .ok, "The document.", .anyDocument, example: Example.openAPI,
                    headers: [.entityTag])
            ],
            handler: .immediate(DocumentationEndpoints.openAPI)),
        Route(
            method: .get, path: "/docs",
            operationID: "getDocumentationPage", tag: .documentation,
            summary: "The interactive docs page",
            description: "Every call, with its examples, to be tried from the page.",
            responses: [.document("The page.", mediaType: "text/html")],
            handler: .immediate(DocumentationEndpoints.page)),
        Route(
            method: .get, path: "/docs/{asset}",
            operationID: "getDocumentationAsset", tag: .documentation,
            summary: "A script, style or picture of the docs page",
            description: "What the docs page loads.",
            parameters: [.asset],
            responses: [.document("The asset.", mediaType: "*/*")],
            problems: [.notFound],
            handler: .immediate(DocumentationEndpoints.asset)),
        Route(
            method: .get, path: "/redoc",
            operationID: "getRedoc", tag: .documentation,
            summary: "The docs page, under another name",
            description: "Leads to /docs.",
            responses: [.redirect(.permanentRedirect, "The docs page.")],
            handler: .immediate(DocumentationEndpoints.redoc)),
        Route(
            method: .get, path: "/postman_collection.json",
            operationID: "getPostmanCollection", tag: .documentation,
            summary: "The Postman collection",
            description: "A collection (v2.1) to import into Postman or to run with Newman.",
            responses: [
                .json(
                    .ok, "The collection.", .anyDocument, example: Example.collection,
                    headers: [.entityTag])
            ],
            handler: .immediate(DocumentationEndpoints.postmanCollection)),
        Route(
            method: .get, path: "/problems",
            operationID: "listProblemTypes", tag: .documentation,
            summary: "Every problem there is",
            description:
                "What the members `type` of all problems lead to: HTML for a browser, JSON "
                + "for a program.",
            responses: [
                .negotiated("The problem types.", .problemTypes, example: Example.problemTypes)
            ],
            handler: .immediate(DocumentationEndpoints.problems)),
        Route(
            method: .get, path: "/problems/{type}",
            operationID: "getProblemType", tag: .documentation,
            summary: "What a problem means",
            description: "The page that the `type` of a problem leads to: HTML for a browser, JSON "
                + "for a program.",
            parameters: [.problemType],
            responses: [
                .negotiated("The problem type.", .problemType, example: Example.problemType)
            ],
            problems: [.notFound],
            handler: .immediate(DocumentationEndpoints.problem)),
    ]
}
