import Testing

@testable import CreditsAPI

struct `Any bytes at all` {
    private static let corpus = [
        #"{"amount": 10}"#, #"{"amount":1e3,"reason":"é","metadata":{"a":[1,{"b":null}]}}"#,
        #"{"amount":-1.5e+3,"reason":"\u00e9\ud83d\ude00é","metadata":{"a":[true,null,{}]}}"#,
        #"{"email":"ada@example.com","name":"Ada"}"#, #"{"sql":"ALTER TABLE x"}"#, "[]", "{}",
        #"[0,-0,0.0,1E5,1e-5,9223372036854775807,-9223372036854775808,1e400]"#,
        #"["\"\\\/\b\f\n\r\t\u0000\u001f\uffff","",{"":{"a":1,"A":2}}]"#, "\u{FEFF}[1]",
        " [ true , false , null ] ", "{\n\t\"a\": {\n\t\t\"b\": [\n1,\n2]\r\n}}", "\"e\u{301}é\"",
        String(repeating: "[", count: 62) + "1" + String(repeating: "]", count: 62),
    ].map { Array($0.utf8) }

    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "/", "-", "+", ".", "e", "E", "0", "1", "9", " ",
        "\n", "\r", "\t", "\0", "\u{1F}", "\u{7F}", "\u{FEFF}", "é", "e\u{301}", "😀", "true",
        "null", "\\u0061", "\\u0000", "\\ud83d", "\\ude00", "\"a\":1,", "\"amount\":", "\"a\"",
        "1e309", "e-9223372036854775808", "9223372036854775808", "00", "[[[[[[[[", "]]]]]]]]",
    ]

    @Test(arguments: Array(1...16) as [UInt64])
    func `are read as JSON or refused in a place of theirs`(seed: UInt64) {
        hold(seed: seed, cases: 2500, JSONProperties.broken)
    }

    @Test(arguments: Array(17...24) as [UInt64])
    func `are taken as a body or refused with a reason`(seed: UInt64) {
        hold(seed: seed, cases: 250, BodyProperties.broken)
    }

    private func hold(seed: UInt64, cases: Int, _ broken: ([UInt8]) -> String?) {
        var mutator = ByteMutator(seed: seed, corpus: Self.corpus, tokens: Self.tokens)
        for _ in 0..<cases {
            let bytes = mutator.next()
            guard broken(bytes) != nil else { continue }
            let least = ByteMutator.shrunken(bytes) { broken($0) != nil }
            let text = String(decoding: least, as: UTF8.self).debugDescription
            Issue.record("seed \(seed), \(text) \(least): \(broken(least) ?? "")")
            return
        }
    }
}
