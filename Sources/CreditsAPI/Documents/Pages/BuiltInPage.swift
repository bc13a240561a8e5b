import HTTP

/// The docs page of our own: every operation, with a curl line to copy and a form to try it.
///
/// Without JavaScript all of it can be read; `credits.js` adds the copying and the trying.
enum BuiltInPage {
    static func render(_ routes: [Route], version: String) -> HTMLText {
        let tags = Route.Tag.allCases.filter { tag in routes.contains { $0.tag == tag } }
        let sections = tags.map { tag in section(tag, routes.filter { $0.tag == tag }) }
        return PageFrame.render(
            title: "Credits: docs",
            head: """
                \(PageFrame.style)<script src="/docs/credits.js" defer></script>

                """,
            body: """
                <body>
                <a class="skip" href="#main">Skip to the calls</a>
                \(masthead(version: version))
                <div class="columns">
                \(contents(tags, routes))
                <main id="main">
                \(introduction)
                \(sections)
                </main>
                </div>
                </body>
                """)
    }

    private static func masthead(version: String) -> HTMLText {
        PageFrame.masthead("Version \(version). Every change durable, none doubled, none lost.")
    }

    private static func contents(_ tags: [Route.Tag], _ routes: [Route]) -> HTMLText {
        let groups = tags.map { tag -> HTMLText in
            let links = routes.filter { $0.tag == tag }.map { route -> HTMLText in
                """
                <li><a href="#\(route.operationID)">\(badge(route.method))\
                <span>\(route.summary)</span></a></li>

                """
            }
            return """
                <h2><a href="#\(tag.rawValue)">\(tag.rawValue)</a></h2>
                <ul>
                \(links)</ul>

                """
        }
        return """
            <nav class="contents" aria-label="Calls">
            \(groups)</nav>
            """
    }

    private static let introduction: HTMLText = """
        <section class="introduction">
        <p>Give a write an <code>Idempotency-Key</code>, and it happens once however often it is \
        sent. Errors are <a href="/problems">problem details</a>; their <code>detail</code> is a \
        sentence for people. All numbers are integers.</p>
        <form class="settings" data-settings hidden>
        <label>Key <input name="token" type="password" autocomplete="off" \
        placeholder="a key, or the ADMIN_TOKEN, where the server has one"></label>
        <p>It is kept in this page until you leave it, and sent with the calls that ask for it.</p>
        </form>
        </section>
        """

    private static func section(_ tag: Route.Tag, _ routes: [Route]) -> HTMLText {
        """
        <section aria-labelledby="\(tag.rawValue)">
        <h2 id="\(tag.rawValue)">\(tag.rawValue)</h2>
        <p class="lead">\(tag.description)</p>
        \(routes.map { OperationSection(route: $0).html })</section>

        """
    }

    static func badge(_ method: Method) -> HTMLText {
        let name = method.rawValue
        return "<span class=\"method \(name.lowercased())\">\(name)</span>"
    }
}
