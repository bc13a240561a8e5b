import Ledger
import Logging
import Testing

@testable import credits

struct StandardErrorLogTests {
    private let time = Timestamp(microsecondsSinceUnixEpoch: 1_795_331_909_093_827)

    private func line(
        _ look: StandardErrorLog.Look, _ level: Logger.Level = .info, _ message: String,
        _ metadata: Logger.Metadata = [:]
    ) -> String {
        var log = StandardErrorLog(label: "credits", look: look, logLevel: .trace)
        log[metadataKey: "own"] = "x"
        let event = LogEvent(
            level: level, message: "\(message)", metadata: metadata, source: "test",
            file: "f", function: "g", line: 1)
        return log.text(of: event, at: time)
    }

    @Test func `pretty is a time, a level, the message and the metadata`() {
        #expect(
            line(.pretty(colored: false), .warning, "hello", ["b": "two words", "a": "1"])
                == "07:18:29.093 warn  hello  a=1 b=\"two words\" own=x")
    }

    @Test func `colour is put around the parts, and only when asked for`() {
        let text = line(.pretty(colored: true), .error, "hello")
        #expect(text.contains("\u{1B}[31merror\u{1B}[0m hello"))
    }

    @Test func `JSON has the members in a fixed order and keeps numbers`() {
        #expect(
            line(.json, .info, "ready", ["port": .stringConvertible(8000), "list": ["a", "b"]])
                == #"{"time":"2026-11-22T07:18:29.093827Z","level":"info","logger":"credits","#
                + #""message":"ready","list":["a","b"],"own":"x","port":8000}"#)
    }

    @Test func `metadata cannot take the place of a member`() {
        let text = line(.json, .info, "x", ["level": "fake"])
        #expect(text.contains(#""level":"info""#) && text.contains(#""level_":"fake""#))
    }

    @Test(arguments: [
        ("a\nb", "a\\nb"), ("a\u{1B}[31mb", "a\\u001b[31mb"), ("a\u{2028}b", "a\\u2028b"),
        ("a\u{9B}b", "a\\u009bb"), ("tab\t", "tab\\t"), ("é 😀", "é 😀"),
    ])
    func `no text breaks out of its line`(message: String, shown: String) {
        #expect(line(.pretty(colored: false), .info, message).contains(shown))
        #expect(line(.json, .info, message).contains("\"message\":\"\(shown)\""))
    }

    @Test(
        arguments: [
            (LogFormat.auto, true, [:], "pretty, colored"),
            (.auto, false, [:], "json"),
            (.pretty, false, [:], "pretty"),
            (.json, true, [:], "json"),
            (.auto, true, ["NO_COLOR": "1"], "pretty"),
            (.auto, true, ["TERM": "dumb"], "pretty"),
        ] as [(LogFormat, Bool, [String: String], String)])
    func `the look follows the format, the terminal and NO_COLOR`(
        format: LogFormat, isTerminal: Bool, environment: [String: String], expected: String
    ) {
        let look = StandardErrorLog.Look(
            format, isTerminal: isTerminal, environment: environment)
        let name =
            switch look {
            case .pretty(colored: true): "pretty, colored"
            case .pretty(colored: false): "pretty"
            case .json: "json"
            }
        #expect(name == expected)
    }

    @Test func `a handler's level and metadata are its own`() {
        var first = Logger(label: "a") { label in
            StandardErrorLog(label: label, look: .json, logLevel: .info)
        }
        first[metadataKey: "k"] = "first"
        var second = first
        second.logLevel = .error
        second[metadataKey: "k"] = "second"
        #expect(first.logLevel == .info)
        #expect(first[metadataKey: "k"] == "first")
    }
}
