import Testing

@testable import CreditsAPI

struct `A JSON text` {
    @Test(
        arguments: [
            ("null", nil),
            (" \t\r\n true ", true),
            ("{}", [:]),
            ("[]", []),
            ("[ 1 , [ ] , { } ]", [1, [], [:]]),
            (#"{"b":1,"a":{"c":[false,null]}}"#, ["b": 1, "a": ["c": [false, nil]]]),
            (#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00""#, "\"\\/\u{8}\u{C}\n\r\tAé😀"),
            (#""é😀""#, "é😀"),
            (#"{"\u0061":1}"#, ["a": 1]),
        ] as [(String, JSONValue)])
    func `is read by the letter of RFC 8259`(text: String, expected: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        "0", "-0", "10", "-1.5", "0.5", "1e5", "1E+5", "1e-5", "1e400",
        "123456789012345678901234567890",
    ])
    func `keeps the spelling of its numbers`(text: String) throws {
        let expected = JSONValue.number(JSONNumber(lexeme: text))
        #expect(try JSONParser.parse(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("", 1, 1, "the text ends where a value is expected"),
        ("   ", 1, 4, "the text ends where a value is expected"),
        ("{", 1, 2, "a member's name in double quotes is expected"),
        ("{\n  \"amount\": ,\n}", 2, 13, "a value is expected"),
        ("{\"é\": x}", 1, 7, "a value is expected"),
        ("{\"a\" 1}", 1, 6, "a colon is expected"),
        ("{\"a\":1 \"b\":2}", 1, 8, "a comma or } is expected"),
        ("{\"a\":1,}", 1, 8, "a member's name in double quotes is expected"),
        ("{a:1}", 1, 2, "a member's name in double quotes is expected"),
        ("{'a':1}", 1, 2, "a member's name in double quotes is expected"),
        ("[1,]", 1, 4, "a value is expected"),
        ("[1 2]", 1, 4, "a comma or ] is expected"),
        ("{} {}", 1, 4, "there is more after the end of the JSON text"),
        (
            "{\"a\":1,\"b\":2,\"a\":3}", 1, 14,
            "this member's name stands in the object a second time"
        ),
        ("{\"a\":1,\"\\u0061\":3}", 1, 8, "this member's name stands in the object a second time"),
        ("\"abc", 1, 1, "a string is opened here, and never closed"),
        ("\"a\nb\"", 1, 3, "a control character in a string must be escaped"),
        ("\"\\x\"", 1, 3, "JSON has no such escape"),
        ("\"\\u12g4\"", 1, 6, "four hexadecimal digits are expected"),
        ("\"\\ud800\"", 1, 8, "an escape gives one half of a surrogate pair without the other"),
        (
            "\"\\ud800\\u0041\"", 1, 14,
            "an escape gives one half of a surrogate pair without the other"
        ),
        ("\"\\udc00\"", 1, 8, "an escape gives one half of a surrogate pair without the other"),
        ("01", 1, 1, "a number may not begin with a zero"),
        ("-", 1, 2, "a digit is expected"),
        ("1.", 1, 3, "a digit is expected"),
        ("1e", 1, 3, "a digit is expected"),
        (".5", 1, 1, "a value is expected"),
        ("+1", 1, 1, "a value is expected"),
        ("tru", 1, 1, "a value is expected"),
        ("NaN", 1, 1, "a value is expected"),
        ("// x\n1", 1, 1, "a value is expected"),
    ])
    func `that is none is refused with its place`(
        text: String, line: Int, column: Int, explanation: String
    ) {
        let expected = JSONSyntaxError(explanation: explanation, line: line, column: column)
        #expect(throws: expected) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0xFF, 0xFE, 0x7B, 0x00], [0x00], [0x22, 0xC0, 0x80, 0x22],
        ] as [[UInt8]])
    func `in another encoding than UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func `nests up to a limit, and not to the end of the stack`(open: String, close: String) {
        func text(_ depth: Int) -> [UInt8] {
            let opening = String(repeating: open, count: depth)
            return Array((opening + "1" + String(repeating: close, count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(text(JSONParser.maximumDepth - 1)) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONParser.parse(text(JSONParser.maximumDepth))
        }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text(200_000)) }
    }

    @Test func `with very many members takes no quadratic time`() throws {
        let members = (0..<20_000).map { "\"\($0)\":0" }.joined(separator: ",")
        let clock = ContinuousClock()
        let duration = try clock.measure { _ = try JSONParser.parse(Array("{\(members)}".utf8)) }
        #expect(duration < .seconds(20))
        let twice = Array("{\(members),\"19999\":1}".utf8)
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(twice) }
    }

    /// Every prefix and every corruption of a text is refused or read; none of them is a crash.
    @Test func `may be cut and spoilt anywhere`() {
        let text = Array(
            #"{"amount":-1.5e+3,"reason":"\u00e9\ud83d\ude00é","m":[true,null,{}]}"#.utf8)
        for end in text.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text[..<end])) }
            for byte in [0x00, 0x22, 0x5C, 0x7B, 0x80, 0xFF] as [UInt8] {
                var spoilt = text
                spoilt[end] = byte
                // Whether it is still JSON is not the point here.
                _ = try? JSONParser.parse(spoilt)
            }
        }
    }
}

struct `A JSON value` {
    @Test func `is written as it was read`() throws {
        let text = #"{"b":[1,2.50,1e400,-0,"é\"\\\n\r\t\u0000\u001f/"],"a":{},"c":[],"d":null}"#
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(String(decoding: value.encoded(), as: UTF8.self) == text)
    }

    @Test func `is indented for people`() {
        let value: JSONValue = ["a": [1, ["b": true]], "c": [], "d": [:]]
        let text = """
            {
              "a": [
                1,
                {
                  "b": true
                }
              ],
              "c": [],
              "d": {}
            }

            """
        #expect(String(decoding: value.encoded(.indented), as: UTF8.self) == text)
    }

    @Test func `has one canonical spelling`() throws {
        let spellings = [
            #"{"b":{"d":1,"c":[{"y":1,"x":2}]},"a":2}"#,
            #"{ "a":2, "b":{"c":[{"x":2,"y":1}],"d":1} }"#,
        ]
        let canonical = try spellings.map { try JSONParser.parse(Array($0.utf8)).sorted.encoded() }
        #expect(canonical[0] == canonical[1])
    }
}

struct `A JSON number` {
    @Test(arguments: [
        ("10", 10), ("10.0", 10), ("1e1", 10), ("1E+1", 10), ("100e-1", 10), ("0.001e4", 10),
        ("0", 0), ("-0", 0), ("0.0", 0), ("0e999999999999999999999", 0), ("-5", -5), ("-5.000", -5),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
        ("922337203685477580700e-2", Int64.max), ("10000000000000000000000e-20", 100),
    ])
    func `is whole where its value is`(lexeme: String, expected: Int64) {
        #expect(JSONNumber(lexeme: lexeme).wholeNumber == .exactly(expected))
    }

    @Test(arguments: [
        "2.5", "-0.1", "1e-1", "1e-400", "15e-1", "1e-999999999999999999999",
        // Int64's ends: what has no magnitude in Int64 must not be asked for one.
        "1e-9223372036854775807", "1e-9223372036854775808", "1e-9223372036854775809",
        "0.1e-9223372036854775808",
    ])
    func `with a fraction is not whole`(lexeme: String) {
        #expect(JSONNumber(lexeme: lexeme).wholeNumber == .fractional)
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "1e19", "1e400", "-1e400",
        "1e999999999999999999999", "123456789012345678901234567890", "1e9223372036854775807",
    ])
    func `that Int64 cannot hold is out of range`(lexeme: String) {
        #expect(JSONNumber(lexeme: lexeme).wholeNumber == .outOfRange)
    }

    @Test(arguments: [
        ("0", true), ("1e308", true), ("1e309", false), ("-1e400", false), ("1e-300", true),
        ("1e-400", false), ("0e-400", true), ("0.0", true), ("1e99999999999999999999", false),
    ])
    func `fits double precision or does not`(lexeme: String, expected: Bool) {
        #expect(JSONNumber(lexeme: lexeme).fitsDouble == expected)
    }
}
