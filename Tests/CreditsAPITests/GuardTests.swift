import HTTP
import Testing

@testable import CreditsAPI

struct `The guard against other sites` {
    private let open = SiteGuard(APISettings(version: "1", isLoopbackOnly: true))

    @Test(arguments: [
        "localhost", "localhost:8000", "LOCALHOST:1", "localhost.", "api.localhost:8000",
        "127.0.0.1",
        "127.0.0.1:8000", "127.255.1.2", "[::1]", "[::1]:8000", "127.0.0.1.", "127.000.001.255",
    ])
    func `lets loopback names pass`(host: String) {
        #expect(open.problem(["Host": host]) == nil)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example",
        "0.0.0.0:8000", "192.168.1.5", "128.0.0.1", "[::2]", "[fe80::1]:8000", "", "127.0.0.999",
        "127.1", "localhost@evil.example", "127.0.0", "127.0.0.", "127.0.0.0.1", "127..0.1",
        "1127.0.0.1", "127.0.0.0001", "27.0.0.1", "127.0.0.x", "xlocalhost", "local", ".",
    ])
    func `refuses names that anybody may point here`(host: String) {
        #expect(open.problem(["Host": host]) == .unexpectedHost)
    }

    @Test func `knows the hosts that it was told of`() {
        let settings = APISettings(
            version: "1", isLoopbackOnly: true, allowedHosts: ["Credits.example.com"])
        #expect(SiteGuard(settings).problem(["Host": "credits.EXAMPLE.com:443"]) == nil)
    }

    @Test(
        arguments: [
            ([:], nil),
            (["Sec-Fetch-Site": "same-origin"], nil),
            (["Sec-Fetch-Site": "none"], nil),
            (["Sec-Fetch-Site": "cross-site"], .crossSiteRequest),
            (["Sec-Fetch-Site": "same-site"], .crossSiteRequest),
            (["Sec-Fetch-Site": "SAME-ORIGIN, x"], .crossSiteRequest),
            (["Origin": "http://localhost:8000"], nil),
            (["Origin": "HTTP://LOCALHOST:8000"], nil),
            (["Origin": "http://localhost:3000"], .crossSiteRequest),
            (["Origin": "http://evil.example"], .crossSiteRequest),
            (["Origin": "http://localhost:8000.evil.example"], .crossSiteRequest),
            (["Origin": "null"], .crossSiteRequest),
            // The browser's own word goes before the origin, which a proxy's rewriting may
            // contradict.
            (["Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-origin"], nil),
            (
                ["Origin": "http://localhost:8000", "Sec-Fetch-Site": "cross-site"],
                .crossSiteRequest
            ),
        ] as [(Fields, ProblemType?)])
    func `judges who asks`(fields: Fields, expected: ProblemType?) {
        var fields = fields
        fields.append(.host, "localhost:8000")
        #expect(open.problem(fields) == expected)
        #expect(open.problem(fields, method: .post) == expected)
    }

    @Test(
        arguments: [
            (Method.get, "navigate", "document", nil),
            (.head, "navigate", "document", nil),
            (.post, "navigate", "document", .crossSiteRequest),
            (.get, "navigate", "iframe", .crossSiteRequest),
            (.get, "no-cors", "image", .crossSiteRequest),
            (.get, "cors", "empty", .crossSiteRequest),
        ] as [(Method, String, String, ProblemType?)])
    func `lets a link from elsewhere be followed, and nothing be embedded`(
        method: Method, mode: String, destination: String, expected: ProblemType?
    ) {
        let fields: Fields = [
            "Host": "localhost:8000", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode,
            "Sec-Fetch-Dest": destination,
        ]
        #expect(open.problem(fields, method: method) == expected)
    }

    @Test(
        arguments: [
            (true, nil, "evil.example", ProblemType.unexpectedHost),
            (true, "token", "evil.example", .unexpectedHost),
            (false, nil, "evil.example", .unexpectedHost),
            (false, "token", "evil.example", nil),
        ] as [(Bool, String?, String, ProblemType?)])
    func `judges the host unless the server is public and has a token`(
        isLoopbackOnly: Bool, token: String?, host: String, expected: ProblemType?
    ) {
        let settings = APISettings(
            version: "1", isLoopbackOnly: isLoopbackOnly, adminToken: token)
        #expect(SiteGuard(settings).problem(["Host": host]) == expected)
    }

    @Test func `judges the browser's word on a public server too`() {
        let settings = APISettings(version: "1", isLoopbackOnly: false, adminToken: "token")
        let fields: Fields = ["Host": "credits.example", "Sec-Fetch-Site": "cross-site"]
        #expect(SiteGuard(settings).problem(fields) == .crossSiteRequest)
        let proxied: Fields = ["Host": "backend:8000", "Origin": "https://credits.example"]
        #expect(SiteGuard(settings).problem(proxied) == nil)
    }
}

extension SiteGuard {
    fileprivate func problem(_ fields: Fields, method: Method = .get) -> ProblemType? {
        do throws(Problem) {
            let target = try? RequestTarget("/", for: method)
            guard let target else { return nil }
            try check(RequestHead(method: method, target: target, fields: fields))
            return nil
        } catch {
            return error.type
        }
    }
}
