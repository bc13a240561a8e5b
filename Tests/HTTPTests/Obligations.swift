/// A section that obliges an origin server, what it obliges it to, and where that is shown.
///
/// The MUST, MUST NOT and REQUIRED of RFC 9110, RFC 9112 and RFC 3986 for who receives requests and
/// sends answers, and the grammar that they rest on. What concerns clients, proxies, caches and
/// TLS alone is left out.
struct Obligation: CustomStringConvertible, Sendable {
    enum Proof: Sendable {
        /// Rows of data that name the section.
        case rows
        /// A test elsewhere: its file, from the tests' folder, and its name.
        case test(String, String)
        /// It speaks of what this server never does.
        case never(String)
    }

    let section: String
    let words: String
    let proof: Proof

    init(_ section: String, _ words: String, _ proof: Proof = .rows) {
        self.section = section
        self.words = words
        self.proof = proof
    }

    var description: String { "\(section) \(words)" }
}

extension Obligation {
    static let all = syntax + targets + fields + semantics + methods + conditions + answers

    /// RFC 9112.
    static let syntax = [
        Obligation("9112 2.2", "lines end with CR LF; a bare CR is none; no space before a field"),
        Obligation("9112 2.3", "HTTP-version is case-sensitive, a digit, a dot and a digit"),
        Obligation("9112 3", "a request line has three words; a target too long is 414"),
        Obligation("9112 3.2", "Host missing, twice or invalid is 400"),
        Obligation("9112 3.2.1", "the origin form is a path and a query"),
        Obligation("9112 3.2.2", "the absolute form is accepted, and replaces Host"),
        Obligation("9112 3.2.3", "the authority form is for CONNECT alone"),
        Obligation("9112 3.2.4", "the asterisk form is for OPTIONS alone"),
        Obligation("9112 4", "a status line has its spaces"),
        Obligation("9112 5", "a field line is a name, a colon and a value"),
        Obligation("9112 5.1", "white space before the colon is 400, around a value it is dropped"),
        Obligation("9112 5.2", "a folded line is refused, and never sent"),
        Obligation(
            "9112 6.1", "chunked is understood; with Content-Length or in 1.0 it closes; never sent"
        ),
        Obligation("9112 6.2", "Content-Length is the length of the body"),
        Obligation(
            "9112 6.3", "chunked not last, or an invalid length, is 400 and closes; short is none"),
        Obligation("9112 7.1", "chunks are decoded, and no size overflows"),
        Obligation("9112 7.1.1", "unknown chunk extensions are ignored"),
        Obligation("9112 7.1.2", "trailers are not merged into the header"),
        Obligation(
            "9112 8", "a request that is incomplete is not acted on",
            .test("HTTPTests/PipelineTests.swift", "a request that is cut short is never delivered")
        ),
        Obligation("9112 9.3", "a connection persists by version and option; bodies are read"),
        Obligation(
            "9112 9.3.2", "answers come in the order of their requests",
            .test("HTTPTests/PipelineTests.swift", "a fault in the middle is told in its turn")),
        Obligation("9112 9.6", "close is answered with close, and nothing is read after it"),
    ]

    /// RFC 3986, and what RFC 9110 makes of it.
    static let targets = [
        Obligation("3986 2", "a URI has the characters of a URI"),
        Obligation("3986 2.1", "a percent sign has two hexadecimal digits"),
        Obligation("3986 3.1", "a scheme knows no case"),
        Obligation("3986 3.2.2", "brackets hold an address, a name its characters"),
        Obligation("3986 3.2.3", "a port is digits"),
        Obligation("3986 3.3", "a path has no brackets"),
        Obligation("3986 3.4", "a query has no brackets"),
        Obligation("3986 5.2.4", "dot segments are removed"),
        Obligation("3986 6.2.2.2", "an encoded letter is the letter"),
        Obligation("9110 4.1", "8,000 octets of a URI are read"),
        Obligation("9110 4.2.1", "an http URI without a host is refused"),
        Obligation("9110 4.2.2", "an https URI without a host is refused"),
        Obligation("9110 4.2.4", "user information is an error"),
        Obligation("9110 7.4", "what is asked for under https without TLS is refused"),
        Obligation("9113 3.4", "the preface of HTTP/2 is no request"),
    ]

    static let fields = [
        Obligation("9110 5.1", "names are tokens in any case; unknown ones are ignored"),
        Obligation("9110 5.3", "nothing is done before the header is whole; order is kept"),
        Obligation("9110 5.4", "too large a header is a 4xx"),
        Obligation("9110 5.5", "CR, LF and NUL in a value are refused, and never sent"),
        Obligation("9110 5.6.1.2", "empty members of a list are ignored"),
        Obligation("9110 5.6.2", "a token is its characters"),
        Obligation("9110 5.6.3", "bad white space is read and dropped"),
        Obligation(
            "9110 5.6.4", "a quoted pair is the character behind its backslash",
            .test("CreditsAPITests/RequestReadingTests.swift", "is read bare and quoted")),
        Obligation(
            "9110 5.6.7", "dates are sent as IMF-fixdate",
            .test("HTTPServerTests/DecisionTests.swift", "a date is an IMF-fixdate")),
        Obligation("9110 6.2", "a later minor version is read as 1.1, and 1.1 is sent"),
        Obligation("9110 6.5.1", "a trailer is not taken for a header field"),
        Obligation("9110 7.2", "Host is a host with or without a port"),
        Obligation("9110 7.6.1", "connection options know no case"),
        Obligation("9110 7.6.2", "Max-Forwards is for who forwards"),
        Obligation("9110 7.8", "an upgrade is ignored, in HTTP/1.0 always"),
        Obligation("9110 10.1.4", "TE is for who sends codings"),
    ]

    static let semantics = [
        Obligation(
            "9110 3.3", "requests on a connection need not be one user's",
            .never("keeps anything of a request for the next but the bytes behind it")),
        Obligation(
            "9110 8.3", "a body without a type may be looked at",
            .test("CreditsAPITests/RequestReadingTests.swift", "is JSON, unsaid")),
        Obligation("9110 8.6", "Content-Length: no overflow; none with 1xx and 204"),
        Obligation(
            "9110 8.7", "a request's Content-Location changes nothing", .never("reads it")),
        Obligation(
            "9110 8.8", "a validator tells versions apart",
            .test("CreditsAPITests/PreconditionTests.swift", "is known by its entity tag")),
        Obligation("9110 10.1.1", "100-continue is answered at once, and ignored in HTTP/1.0"),
        Obligation(
            "9110 15.2", "no 1xx to HTTP/1.0",
            .test("HTTPTests/AnswerTests.swift", "interim only for those who know it")),
    ]

    static let methods = [
        Obligation("9110 9.1", "methods know their case, and GET and HEAD are there"),
        Obligation(
            "9110 9.2.1", "safe methods change nothing",
            .test("CreditsAPITests/RouteTableTests.swift", "is the interface that was promised")),
        Obligation("9110 9.3.1", "content of a GET means nothing"),
        Obligation("9110 9.3.2", "HEAD is GET without the content"),
        Obligation("9110 9.3.4", "PUT makes or replaces", .never("has a PUT")),
        Obligation("9110 9.3.5", "content of a DELETE means nothing"),
        Obligation(
            "9110 9.3.6", "CONNECT without a port is refused; a 2xx has no length and no coding"),
        Obligation("9110 9.3.7", "content of OPTIONS means nothing"),
        Obligation("9110 9.3.8", "content of TRACE is not reflected"),
    ]

    private static let precondition = Proof.test(
        "CreditsAPITests/PreconditionTests.swift", "holds for what has no entity tag, or does not")

    static let conditions = [
        Obligation(
            "9110 13.1.1", "If-Match that is false is not performed", precondition),
        Obligation(
            "9110 13.1.2", "If-None-Match that is false is not performed", precondition),
        Obligation("9110 13.1.3", "If-Modified-Since is ignored without a date", precondition),
        Obligation("9110 13.1.4", "If-Unmodified-Since is ignored without a date", precondition),
        Obligation(
            "9110 13.2.1", "what would fail anyway fails for that",
            .test(
                "CreditsAPITests/PreconditionTests.swift",
                "is not asked where the answer would be another")),
        Obligation("9110 13.2.2", "preconditions have an order", precondition),
        Obligation("9110 14.2", "Range may be ignored, and is"),
        Obligation("9110 14.4", "Content-Range of a request is ignored", .never("reads it")),
        Obligation("9110 15.3.7", "206 has its range", .never("sends a part")),
    ]

    static let answers = [
        Obligation("9110 6.6.1", "an answer has its date"),
        Obligation("9110 10.2.1", "405 has Allow"),
        Obligation(
            "9110 11.6.1", "401 has a challenge",
            .test("CreditsAPITests/SchemaCallTests.swift", "WWW-Authenticate")),
        Obligation(
            "9110 12.5.3", "415 has Accept-Encoding only for a coding",
            .test("CreditsAPITests/RequestReadingTests.swift", "has no compression")),
        Obligation("9110 15.4.5", "304 ends with its header"),
        Obligation(
            "9110 15.5.6", "405 lists the resource's methods",
            .test(
                "CreditsAPITests/RefusalTests.swift",
                "with a method that its path lacks is 405 with Allow")),
        Obligation("9110 15.5.14", "too large a body is 413"),
        Obligation(
            "9110 15.5.22", "426 names a protocol", .never("asks for another protocol")),
        Obligation("9110 15.6.6", "another major version is 505"),
    ]
}
