import HTTP
import Testing

@testable import CreditsAPI

/// Bodies that are meant to do harm: at the parser, and through each call that takes a body.
struct `A hostile JSON text` {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

        init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }

        init(_ name: String, _ text: String, times count: Int, then end: String = "") {
            self.init(name, String(repeating: text, count: count) + end)
        }

        /// A string in which these bytes stand.
        init(_ name: String, inString bytes: [UInt8]) {
            self.init(name, Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8))
        }
    }

    static let malformed = [
        Row("arrays 100,000 deep", "[", times: 100_000),
        Row(
            "arrays 100,000 deep, closed", "[", times: 100_000,
            then: String(repeating: "]", count: 100_000)),
        Row("objects 100,000 deep", #"{"a":"#, times: 100_000),
        Row("both in turn, 100,000 deep", #"[{"a":"#, times: 50_000),
        Row("100,000 commas", "[", times: 1, then: String(repeating: ",", count: 100_000)),
        Row("100,000 minus signs", "-", times: 100_000),
        Row("a duplicate member", #"{"amount":1,"amount":1}"#),
        Row("a duplicate member, spelled otherwise", #"{"amount":1,"\u0061mount":1}"#),
        Row("a duplicate member, deep inside", #"{"amount":1,"m":[{"x":{"y":1,"y":2}}]}"#),
        Row(
            "a duplicate among 50,000",
            "{" + (0..<50_000).map { "\"\($0)\":0," }.joined() + "\"7\":0}"),
        Row("a lone high surrogate", #"{"a":"\ud800"}"#),
        Row("a lone low surrogate", #"{"a":"\udc00"}"#),
        Row("two high surrogates", #"{"a":"\ud800\ud800"}"#),
        Row("a lone surrogate as a name", #"{"\udfff":1}"#),
        Row("a surrogate cut short", #"{"a":"\ud83d\ude0"}"#),
        Row("a byte that is no UTF-8", inString: [0xFF]),
        Row("a sequence cut short", inString: [0xE2, 0x82]),
        Row("an overlong slash", inString: [0xC0, 0xAF]),
        Row("a surrogate in UTF-8", inString: [0xED, 0xA0, 0x80]),
        Row("beyond Unicode", inString: [0xF4, 0x90, 0x80, 0x80]),
        Row("a control character", inString: [0x1F]),
        Row("NUL", inString: [0x00]),
        Row("a byte order mark", "\u{FEFF}{\"amount\":1}"),
        Row("a byte order mark alone", "\u{FEFF}"),
        Row("half of a byte order mark", [0xEF, 0xBB] + Array("{}".utf8)),
        Row("UTF-16, low byte first", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
        Row("UTF-16 without a mark", [0x00, 0x7B, 0x00, 0x7D]),
        Row("UTF-32", [0x00, 0x00, 0xFE, 0xFF, 0x00, 0x00, 0x00, 0x7B]),
        Row("NaN", #"{"amount":NaN}"#), Row("Infinity", #"{"amount":Infinity}"#),
        Row("-Infinity", #"{"amount":-Infinity}"#),
        Row("a hexadecimal number", #"{"amount":0x10}"#),
        Row("a number with underscores", #"{"amount":1_000}"#),
        Row("an Arabic digit", #"{"amount":٣}"#), Row("a full-width digit", #"{"amount":１}"#),
        Row("two texts", "{} {}"), Row("a text and NUL", "{\"amount\":1}\u{0}"),
    ]

    /// More than HTTP lets in, so that no limit of its own stands before the parser.
    @Test(
        arguments: [
            ("", " "), ("{", "\n"), ("{\"a\":\"", "x"), ("[0", "0"),
        ] as [(String, Unicode.Scalar)])
    func `of millions of bytes that say nothing is refused`(
        beginning: String, filling: Unicode.Scalar
    ) {
        let filled = [UInt8](repeating: UInt8(ascii: filling), count: 3 << 20)
        #expect(throws: JSONSyntaxError.self) {
            try JSONParser.parse(Array(beginning.utf8) + filled)
        }
    }

    @Test(arguments: malformed)
    func `is refused by the parser`(row: Row) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(row.bytes) }
    }

    @Test(arguments: malformed)
    func `is 400 for each call that takes a body`(row: Row) async throws {
        try await withAPIWithoutDatabase { api in
            for call in [
                "POST /api/credits/1/add", "POST /api/credits/1/deduct",
                "PATCH /api/credits/1/reset", "POST /api/users", "POST /api/schema/update",
            ] {
                let response = try await api.ask(call, bytes: row.bytes)
                #expect(response.status == .badRequest, "\(call)")
                #expect(response.problem == "malformed-json")
                #expect(response.body.count < 1000)
            }
        }
    }

    static let amounts = [
        "1e400", "-1e400", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "1e-9223372036854775808", "1e9223372036854775808", "1E-99999999999999999999999", "0.5e0",
        "1e-1", "-0", "0e9223372036854775807", String(repeating: "9", count: 300_000),
        "0." + String(repeating: "0", count: 300_000) + "1",
        "1" + String(repeating: "0", count: 300_000),
    ]

    @Test(arguments: amounts)
    func `with a number that is no amount is 422`(amount: String) async throws {
        try await withAPIWithoutDatabase { api in
            for call in ["add", "deduct"] {
                let response = try await api.ask(
                    "POST /api/credits/1/\(call)", "{\"amount\":\(amount)}")
                #expect(response.status == .unprocessableContent)
                #expect(response.places == ["#/amount"])
                #expect(response.body.count < 1000)
            }
        }
    }

    @Test(arguments: ["amount", "reason", "metadata", "email", "name", "sql"])
    func `whose right members hold wrong things is 422`(member: String) async throws {
        let values = [
            "[]", "[[[[[[]]]]]]", "-1e400", "true", "1e-9223372036854775808", #""\u0000""#,
            "[" + String(repeating: "{},", count: 100_000) + "{}]",
        ]
        try await withAPIWithoutDatabase { api in
            for value in values {
                for call in ["credits/1/add", "users", "schema/update"] {
                    let response = try await api.ask(
                        "POST /api/\(call)", "{\"\(member)\":\(value)}")
                    #expect(response.status == .unprocessableContent, "\(call) \(value.prefix(20))")
                }
            }
        }
    }
}

/// Exponents are where a number's meaning and its digits part company.
struct `A number with an exponent` {
    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    @Test(
        arguments: [
            0, 1, 7, 10, 1_000_000_000_000, 9_007_199_254_740_993, .max, -1, -120, .min,
        ] as [Int64])
    func `has the same value wherever its point stands`(value: Int64) {
        let (sign, digits) = (value < 0 ? "-" : "", "\(value.magnitude)")
        for shift in 0...40 {
            for lexeme in [
                "\(sign)\(digits)\(Self.zeros(shift))e-\(shift)",
                "\(sign)0.\(Self.zeros(shift))\(digits)E+\(shift + digits.count)",
            ] {
                #expect(JSONNumber(lexeme: lexeme).wholeNumber == .exactly(value), "\(lexeme)")
            }
        }
    }

    /// Around every bound that an implementation may have.
    @Test(arguments: [
        "999999", "1000000", "1000001", "2147483648", "9223372036854775806",
        "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "99999999999999999999999999999999999999999",
    ])
    func `is out of range, a fraction or zero, and no crash, when that is giant`(exponent: String) {
        for mantissa in ["1", "-1", "10", "0.1", "-123.456", "9223372036854775807"] {
            let giant = JSONNumber(lexeme: "\(mantissa)e\(exponent)")
            #expect(giant.wholeNumber == .outOfRange)
            #expect(!giant.fitsDouble)
            let tiny = JSONNumber(lexeme: "\(mantissa)e-\(exponent)")
            #expect(tiny.wholeNumber == .fractional)
            #expect(!tiny.fitsDouble)
        }
        for zero in ["0", "-0", "0.000"] {
            for sign in ["", "+", "-"] {
                let number = JSONNumber(lexeme: "\(zero)e\(sign)\(exponent)")
                #expect(number.wholeNumber == .exactly(0))
                #expect(number.fitsDouble)
            }
        }
    }
}
