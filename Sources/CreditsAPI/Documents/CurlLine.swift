import HTTP

/// A route's own example as a command to paste into a shell.
struct CurlLine {
    /// What the documents call the server; a page replaces it with the origin it was loaded from.
    static let origin = "http://localhost:8000"

    let text: String

    /// Optional parameters are left out: they would hide the call itself.
    init(_ route: Route) {
        var words = ["curl"]
        if route.method != Self.defaultMethod(of: route) { words += ["-X", route.method.rawValue] }
        words.append(Self.quoted(Self.origin + route.examplePath))
        if route.access != .open {
            // Double quotes: the shell puts the token in, and is silent where there is none.
            words += ["-H", "\"Authorization: Bearer $ADMIN_TOKEN\""]
        }
        if let body = route.requestBody {
            let json = String(decoding: body.example.encoded(), as: UTF8.self)
            words += ["-H", Self.quoted("Content-Type: application/json"), "-d", Self.quoted(json)]
        }
        text = words.joined(separator: " ")
    }

    private static func defaultMethod(of route: Route) -> Method {
        route.requestBody == nil ? .get : .post
    }

    /// One word to any POSIX shell: within single quotes only the single quote itself is special.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        if isPlain { return text }
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: #"'\''"#) + "'"
    }
}
