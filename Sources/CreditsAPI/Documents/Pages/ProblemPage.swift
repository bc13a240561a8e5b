import HTTP

/// What the `type` of a problem leads to, for people.
enum ProblemPage {
    /// The page of one problem: HTML, in UTF-8.
    static func render(_ type: ProblemType) -> [UInt8] {
        let routes = RouteTable.routes.filter { $0.allProblems.contains(type) }
        // What any request may meet is not helped by the list of all calls.
        let isEverywhere = routes.count == RouteTable.routes.count
        return page(
            title: type.title,
            """
            <p class="status"><span class="code">\(type.status.code)</span> \
            \(type.status.reasonPhrase)</p>
            <h1>\(type.title)</h1>
            <p class="lead">\(.prose(type.documentation))</p>
            <h2>As a program sees it</h2>
            <pre><code>\(example(of: type, routes.first))</code></pre>
            <p>A program switches over <code>type</code>; a person reads <code>detail</code>; \
            by <code>request_id</code> a failure of the service (5xx) is found in the log, and \
            with LOG_LEVEL=debug every request.</p>
            \(isEverywhere ? "<p>Any call may be answered so.</p>" : calls(routes))
            <p><a href="/problems">All problems</a></p>
            """)
    }

    /// All of them on one page.
    static func renderIndex() -> [UInt8] {
        let sorted = ProblemType.allCases.sorted {
            ($0.status.code, $0.title) < ($1.status.code, $1.title)
        }
        let rows = sorted.map { type -> HTMLText in
            """
            <tr><td><span class="code">\(type.status.code)</span></td>\
            <td><a href="\(type.path)">\(type.title)</a></td>\
            <td>\(.prose(type.documentation))</td></tr>

            """
        }
        return page(
            title: "Problems",
            """
            <h1>Problems</h1>
            <p class="lead">Every error is answered with problem details (RFC 9457), whose \
            <code>type</code> is one of these pages. A refused request changes nothing, unless its \
            page says otherwise.</p>
            <div class="scroll"><table>
            <thead><tr><th>Status</th><th>Problem</th><th>Meaning</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table></div>
            """)
    }

    private static func page(title: String, _ content: HTMLText) -> [UInt8] {
        PageFrame.render(
            title: "Credits: \(title)", head: PageFrame.style,
            body: """
                <body>
                \(PageFrame.masthead("What went wrong, and what to do."))
                <main class="article">
                \(content)
                </main>
                </body>
                """
        ).bytes
    }

    private static func example(of type: ProblemType, _ route: Route?) -> String {
        String(decoding: type.example.exampleBody(for: route).encoded(.indented), as: UTF8.self)
    }

    private static func calls(_ routes: [Route]) -> HTMLText {
        guard !routes.isEmpty else { return "" }
        let items = routes.map { route -> HTMLText in
            """
            <li><a href="/docs#\(route.operationID)">\(BuiltInPage.badge(route.method)) \
            <code>\(route.path.text)</code></a></li>

            """
        }
        return """
            <h2>Where it occurs</h2>
            <ul class="calls">
            \(items)</ul>
            """
    }
}
