/// The docs page: Swagger UI where its files are installed, a page of ours where they are not.
///
/// Both load their scripts and styles from `/docs/{asset}`, so that they work under a content
/// security policy of `script-src 'self'; style-src 'self'`.
enum DocumentationPage {
    enum Kind: Sendable {
        case swaggerUI
        case builtIn
    }

    /// HTML, in UTF-8.
    static func render(_ kind: Kind, version: String) -> [UInt8] {
        switch kind {
        case .swaggerUI: swaggerUI.bytes
        case .builtIn: BuiltInPage.render(RouteTable.routes, version: version).bytes
        }
    }

    /// The files of ours that the pages load; Swagger UI's own are not among them.
    static let assets: [DocumentationAsset] = [
        DocumentationAsset("credits.css", "text/css; charset=utf-8", PageStyle.text),
        DocumentationAsset("credits.js", "text/javascript; charset=utf-8", PageScript.text),
        DocumentationAsset("start.js", "text/javascript; charset=utf-8", SwaggerUIStart.text),
        DocumentationAsset("icon.svg", "image/svg+xml", PageIcon.text),
    ]

    private static let swaggerUI = PageFrame.render(
        title: "Credits",
        head: """
            <link rel="stylesheet" href="/docs/swagger-ui.css">

            """,
        body: """
            <body>
            <div id="swagger-ui"></div>
            <noscript>This page needs JavaScript. \
            The same, as JSON: <a href="/openapi.json">openapi.json</a></noscript>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/start.js"></script>
            </body>
            """)
}

/// A file that a page loads from `/docs/{name}`.
struct DocumentationAsset: Sendable {
    let name: String
    /// With its charset, as Content-Type has it.
    let mediaType: String
    let body: [UInt8]
}

extension DocumentationAsset {
    fileprivate init(_ name: String, _ mediaType: String, _ text: String) {
        self.init(name: name, mediaType: mediaType, body: Array(text.utf8))
    }
}
