/// A target, and the segments of its path that a resource is looked for by.
struct PathRow: Row {
    var section: String
    var text: String
    var segments: [String]

    init(_ section: String, _ text: String, _ segments: [String]) {
        self.section = section
        self.text = text
        self.segments = segments
    }

    var name: String { text }
}

extension PathRow {
    static let all = [
        PathRow("9112 3.2.1", "/", []),
        PathRow("9112 3.2.1", "/?a/b", []),
        PathRow("9112 3.2.1", "/a", ["a"]),
        PathRow("9112 3.2.1", "/a/", ["a"]),
        PathRow("9112 3.2.1", "/a/b?c/d", ["a", "b"]),
        PathRow("9112 3.2.2", "http://h/a/b", ["a", "b"]),
        PathRow("9112 3.2.2", "HTTP://h", []),
        PathRow("9112 3.2.2", "http://h?a", []),
        PathRow("9112 3.2.2", "http://h/../a", ["a"]),
        PathRow("3986 3.3", "/a//", ["a", ""]),
        PathRow("3986 3.3", "//a", ["", "a"]),
        PathRow("3986 3.3", "//h/a", ["", "h", "a"]),
        PathRow("3986 3.3", "/a+b;c=d,e", ["a+b;c=d,e"]),
        PathRow("3986 2.1", "/a%2Fb/c", ["a/b", "c"]),
        PathRow("3986 2.1", "/%2fa", ["/a"]),
        PathRow("3986 2.1", "/%E2%82%AC/%FF", ["€", "\u{FFFD}"]),
        PathRow("3986 2.1", "/%C0%AF", ["\u{FFFD}\u{FFFD}"]),
        PathRow("3986 2.1", "/a%00b", ["a\u{0}b"]),
        PathRow("3986 2.1", "/a%0D%0Ab", ["a\r\nb"]),
        PathRow("3986 2.1", "/%2541", ["%41"]),
        PathRow("3986 2.1", "/%252e%252e/a", ["%2e%2e", "a"]),
        PathRow("3986 6.2.2.2", "/%61%70i", ["api"]),
        PathRow("3986 6.2.2.2", "/a/%2e%2E/b", ["b"]),
        PathRow("3986 6.2.2.2", "/a/.%2e/%2E/b", ["b"]),
        PathRow("3986 5.2.4", "/a/./b", ["a", "b"]),
        PathRow("3986 5.2.4", "/a/../b", ["b"]),
        PathRow("3986 5.2.4", "/../../a", ["a"]),
        PathRow("3986 5.2.4", "/a/..", []),
        PathRow("3986 5.2.4", "/a/b/.", ["a", "b"]),
        PathRow("3986 5.2.4", "/a/b/c/./../../g", ["a", "g"]),
        PathRow("3986 5.2.4", "/a/..//b", ["", "b"]),
        PathRow("3986 5.2.4", "/a/.../b", ["a", "...", "b"]),
        PathRow("3986 5.2.4", "/a/..b/.c", ["a", "..b", ".c"]),
        PathRow("3986 5.2.4", "/a/..%2f..%2fb", ["a", "../../b"]),
        PathRow("3986 5.2.4", "/a/..;/b", ["a", "..;", "b"]),
    ]
}
