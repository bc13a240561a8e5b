import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `A request's id` {
    @Test(arguments: [
        ("abc", true), ("0a1b-2c:3d/4e+5f=6g@7h_8i.9j~", true), ("", false), ("a b", false),
        ("a\"b", false), ("a{b", false), ("é", false), ("a;b", false),
        (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false),
    ])
    func `is the client's where it is safe`(given: String, isKept: Bool) {
        let name = RequestIDs().id(of: ["X-Request-Id": given])
        #expect((name.text == given) == isKept)
        #expect(RequestID(client: name.bytes[...]) != nil)
    }

    @Test func `is one of ours otherwise, and never the same`() {
        let ids = RequestIDs()
        let names = (0..<1000).map { _ in ids.id(of: nil).text }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
        #expect(RequestIDs().id(of: nil).text.prefix(16) != names[0].prefix(16))
    }
}

struct `The field Idempotency-Key` {
    @Test(
        arguments: [
            ([], nil),
            (["abc"], "abc"),
            (["\"abc\""], "abc"),
            (["\"a\\\"b\\\\c\""], "a\"b\\c"),
            (["ab\"c"], "ab\"c"),
            (["!~"], "!~"),
            ([String(repeating: "k", count: 255)], String(repeating: "k", count: 255)),
        ] as [([String], String?)])
    func `is read bare and quoted`(values: [String], expected: String?) throws {
        #expect(try IncomingRequest.carrying(keys: values).idempotencyKey()?.rawValue == expected)
    }

    @Test(arguments: [
        [""], ["\"\""], ["a b"], ["\"a b\""], ["\""], ["\"abc"], ["\"a\"b\""], ["\"a\\b\""],
        ["\"abc\\\""], ["\"abc\";p=1"], ["é"], ["a", "a"],
        [String(repeating: "k", count: 256)],
    ])
    func `that is malformed is refused`(values: [String]) {
        let problem = #expect(throws: Problem.self) {
            try IncomingRequest.carrying(keys: values).idempotencyKey()
        }
        #expect(problem?.type == .malformedIdempotencyKey)
    }
}

struct `A body's media type` {
    @Test(
        arguments: [
            (nil, "1", true),
            ("application/json", "1", true),
            ("Application/JSON; charset=UTF-8", "1", true),
            ("application/json;charset=\"utf-8\"", "1", true),
            ("application/merge-patch+json", "1", true),
            ("text/json", "1", true),
            ("application/x-www-form-urlencoded", "  {\"amount\":1}", true),
            ("application/x-www-form-urlencoded; charset=utf-8", "{", true),
            ("application/x-www-form-urlencoded", "amount=1", false),
            ("application/x-www-form-urlencoded", "[1]", false),
            ("application/json; charset=utf-16", "1", false),
            ("application/json; charset=latin1", "1", false),
            ("text/plain", "{}", false),
            ("multipart/form-data; boundary=x", "{}", false),
            ("application/xml", "{}", false),
            ("application/jsonp", "{}", false),
            ("json", "{}", false),
            ("", "1", true),
            (";", "{}", false),
        ] as [(String?, String, Bool)])
    func `is JSON, unsaid, or what curl says by itself`(
        contentType: String?, body: String, isAccepted: Bool
    ) throws {
        var fields = Fields()
        if let contentType { fields.append(.contentType, contentType) }
        #expect(try BodyMediaType.accepts(fields, body) == isAccepted)
    }

    @Test(arguments: [("gzip", false), ("identity", true), ("br", false)])
    func `has no compression`(coding: String, isAccepted: Bool) throws {
        #expect(try BodyMediaType.accepts(["Content-Encoding": coding], "{}") == isAccepted)
    }

    @Test func `is said once`() throws {
        for other in ["text/plain", "application/json", ""] {
            let fields: Fields = ["Content-Type": "application/json", "Content-type": other]
            #expect(try !BodyMediaType.accepts(fields, "{}"))
        }
    }
}

struct `A cursor` {
    @Test(arguments: [1, 50, Int64.max])
    func `comes back as it went`(number: Int64) {
        let cursor = UserCursor(number: number)
        #expect(UserCursor(reading: cursor.text) == cursor)
        #expect(cursor.text.wholeMatch(of: /u[0-7][0-9a-f]{15}/) != nil)
    }

    @Test(arguments: [
        "", "u", "50", "u50", "x0000000000000032", "u000000000000003", "u00000000000000032",
        "u8000000000000000", "uffffffffffffffff", "u-000000000000001", "u000000000000003G",
        "u00000000000000 2",
    ])
    func `that was not ours is refused`(text: String) {
        #expect(UserCursor(reading: text) == nil)
    }
}

extension IncomingRequest {
    fileprivate static func carrying(keys: [String]) throws -> IncomingRequest {
        var fields = Fields()
        for key in keys { fields.append("Idempotency-Key", key) }
        let head = RequestHead(
            method: .post, target: try RequestTarget("/", for: .post), fields: fields)
        return IncomingRequest(
            request: Request(head: head), id: RequestIDs().id(of: nil), parameterNames: [],
            parameterValues: [])
    }
}

extension BodyMediaType {
    fileprivate static func accepts(_ fields: Fields, _ body: String) throws -> Bool {
        let target = try RequestTarget("/", for: .post)
        do throws(Problem) {
            try check(
                Request(
                    head: RequestHead(method: .post, target: target, fields: fields),
                    body: Array(body.utf8)))
            return true
        } catch {
            #expect(error.type == .unsupportedMediaType)
            return false
        }
    }
}
