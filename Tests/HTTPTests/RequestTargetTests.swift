import HTTP
import Testing

@Suite struct RequestTargetTests {
    private func target(_ raw: String, _ method: Method = .get) throws -> RequestTarget {
        try RequestTarget(raw, for: method)
    }

    @Test(arguments: PathRow.all)
    func `a path is its decoded segments`(row: PathRow) throws {
        let segments = try target(row.text).segments
        #expect((0..<segments.count).map(segments.text) == row.segments)
    }

    @Test(
        arguments: [
            ("/a", nil, []),
            ("/a?", "", []),
            ("/a?x=1&y=2", "x=1&y=2", ["x:1", "y:2"]),
            ("/a?x&=y&&z==", "x&=y&&z==", ["x:", ":y", "z:="]),
            ("/a?x=a+b%2B%26", "x=a+b%2B%26", ["x:a b+&"]),
            ("/a?x=1&x=2", "x=1&x=2", ["x:1", "x:2"]),
            ("/a?x=/b?c", "x=/b?c", ["x:/b?c"]),
            ("http://h?x=1", "x=1", ["x:1"]),
        ] as [(String, String?, [String])])
    func `a query is its decoded items`(raw: String, query: String?, items: [String]) throws {
        let target = try target(raw)
        #expect(target.query == query)
        #expect(target.queryItems.map { "\($0.name):\($0.value)" } == items)
    }

    @Test func `the first of several values is the one that counts`() throws {
        let target = try target("/?a=1&a=2&b")
        #expect(target.queryValue("a") == "1")
        #expect(target.queryValue("b") == "")
        #expect(target.queryValue("c") == nil)
    }

    @Test(
        arguments: [
            ("/a?b", Method.get, RequestTarget.Form.origin, "/a", nil),
            ("http://h:1/a?b", .get, .absolute, "/a", "h:1"),
            ("http://h", .post, .absolute, "/", "h"),
            ("h:1", .connect, .authority, "", "h:1"),
            ("[::1]:1", .connect, .authority, "", "[::1]:1"),
            ("*", .options, .asterisk, "", nil),
        ] as [(String, Method, RequestTarget.Form, String, String?)])
    func `a target has one of four forms`(
        raw: String, method: Method, form: RequestTarget.Form, path: String, authority: String?
    ) throws {
        let target = try target(raw, method)
        #expect(target.raw == raw)
        #expect(target.form == form)
        #expect(target.path == path)
        #expect(target.authority == authority)
    }

    @Test(arguments: [
        "", "a", "/a b", "/\"", "/%", "/%f", "mailto:a", "http://", "http://a:x/", "https://a/",
    ])
    func `anything else is no target`(raw: String) {
        #expect(throws: RequestError.invalidTarget) { try target(raw) }
    }
}
