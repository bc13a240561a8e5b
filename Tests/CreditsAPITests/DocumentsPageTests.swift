import HTTP
import Testing

@testable import CreditsAPI

struct `The docs page of our own` {
    private let html = String(
        decoding: DocumentationPage.render(.builtIn, version: "1.2.3"), as: UTF8.self)

    @Test(arguments: RouteTable.routes)
    func `has every route, with its curl line and a form`(route: Route) {
        let curl: HTMLText = "\(CurlLine(route).text)"
        #expect(html.contains("id=\"\(route.operationID)\""))
        #expect(html.contains("<code>\(curl.markup)</code>"))
        let call = "data-method=\"\(route.method)\" data-path=\"\(route.path.text)\""
        #expect(html.contains(call))
    }

    @Test func `links to problems that have a page`() {
        for link in html.split(separator: "href=\"/problems/").dropFirst() {
            let slug = String(link.prefix { $0 != "\"" })
            #expect(ProblemType(rawValue: slug) != nil, "\(slug)")
        }
    }

    @Test func `gives every field a label and every element its own id`() {
        let identifiers = values(of: "id", in: html)
        #expect(Set(identifiers).count == identifiers.count)
        let labels = values(of: "for", in: html)
        #expect(!labels.isEmpty && Set(labels).isSubset(of: identifiers))
        let fields =
            html.split(separator: "<input id=").count + html.split(separator: "<textarea").count
        #expect(labels.count == fields - 2)
    }
}

struct `Every page` {
    struct Page: Sendable, CustomTestStringConvertible {
        let name: String
        let html: String
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            html = String(decoding: bytes, as: UTF8.self)
        }
    }

    static let pages =
        [
            Page("docs page", DocumentationPage.render(.builtIn, version: "1.2.3")),
            Page("Swagger UI", DocumentationPage.render(.swaggerUI, version: "1.2.3")),
            Page("problems", ProblemPage.renderIndex()),
        ] + ProblemType.allCases.map { Page($0.slug, ProblemPage.render($0)) }

    @Test(arguments: ProblemType.allCases)
    func `of a problem says which requests the log has`(type: ProblemType) {
        let html = String(decoding: ProblemPage.render(type), as: UTF8.self)
        #expect(html.contains("(5xx)") && html.contains("LOG_LEVEL=debug"))
    }

    @Test(arguments: pages)
    func `works under a policy without inline scripts and styles`(page: Page) {
        for script in page.html.split(separator: "<script").dropFirst() {
            #expect(script.hasPrefix(" src=\"/docs/"))
        }
        for forbidden in [
            "<style", " style=", " onclick=", " onload=", "javascript:", "http://www",
        ] {
            #expect(!page.html.contains(forbidden), "\(forbidden)")
        }
    }

    @Test(arguments: pages)
    func `loads nothing but what the server has`(page: Page) {
        let own = Set(DocumentationPage.assets.map(\.name))
        let swaggerUI: Set = ["swagger-ui.css", "swagger-ui-bundle.js"]
        for place in values(of: "src", in: page.html) + values(of: "href", in: page.html)
        where place.hasPrefix("/docs/") {
            #expect(own.union(swaggerUI).contains(String(place.dropFirst("/docs/".count))))
        }
        #expect(!page.html.contains("https://"))
    }

    @Test(arguments: pages)
    func `begins and ends as HTML`(page: Page) {
        #expect(page.html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(page.html.contains("<title>Credits"))
        #expect(page.html.hasSuffix("</html>\n"))
    }
}

struct `A problem's page` {
    @Test(arguments: ProblemType.allCases)
    func `tells its status, what it means and how it looks`(type: ProblemType) {
        let html = String(decoding: ProblemPage.render(type), as: UTF8.self)
        let meaning = HTMLText.prose(type.documentation)
        #expect(html.contains("<h1>\(type.title)</h1>"))
        #expect(html.contains("\(type.status.code)"))
        #expect(html.contains(meaning.markup))
        #expect(html.contains("&quot;type&quot;: &quot;\(type.path)&quot;"))
    }

    @Test func `is found from the index`() {
        let html = String(decoding: ProblemPage.renderIndex(), as: UTF8.self)
        #expect(ProblemType.allCases.allSatisfy { html.contains("href=\"\($0.path)\"") })
    }
}

struct `HTML text` {
    @Test func `escapes what is put into it`() {
        let hostile = "<script>alert('&\"')</script>"
        let html: HTMLText = "<p title=\"\(hostile)\">\(hostile)</p>"
        let escaped = "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"
        #expect(html.markup == "<p title=\"\(escaped)\">\(escaped)</p>")
    }

    @Test func `keeps HTML that is put into it`() {
        let inner: HTMLText = "<b>\("1 < 2")</b>"
        let outer: HTMLText = "<p>\(inner)\([inner, inner])</p>"
        #expect(outer.markup == "<p>" + String(repeating: "<b>1 &lt; 2</b>", count: 3) + "</p>")
    }

    @Test func `turns backticks into code`() {
        let prose = HTMLText.prose("Send `a < b` now.")
        #expect(prose.markup == "Send <code>a &lt; b</code> now.")
    }
}

struct `A schema in words` {
    @Test(arguments: [
        (JSONSchema.integer(1...Int64.max), "integer, 1 or more"),
        (.integer(0...9), "integer, 0 to 9"),
        (.integer(-1000...1_234_567), "integer, -1,000 to 1,234,567"),
        (.string(lengths: 0...200), "string, at most 200 characters"),
        (.string(lengths: 1...255), "string, 1 to 255 characters"),
        (.string().nullable, "string or null"),
        (.boolean(), "boolean"), (.enum(["a", "b"]), "string: a, b"),
        (.array(of: .enum(["a:r", "b"])), "array: a:r, b"),
    ])
    func `names the type and its bounds`(schema: JSONSchema, words: String) {
        #expect(SchemaPhrase(schema).text == words)
    }
}

/// The values of all attributes of that name.
private func values(of attribute: String, in html: String) -> [String] {
    html.split(separator: " \(attribute)=\"").dropFirst().map { rest in
        String(rest.prefix { $0 != "\"" })
    }
}
