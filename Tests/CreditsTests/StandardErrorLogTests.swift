import Glibc
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

    @Test func `a reader that stops holds up nobody, and hears how much it missed`() throws {
        let pipe = try Pipe()
        let sink = LogSink(pipe.writeEnd)
        // A pipe holds 64 KiB (pipe(7)).
        let lines = 200
        for _ in 0..<lines {
            sink.write(String(repeating: "x", count: 999) + "\n") { "\($0) dropped\n" }
        }
        let taken = pipe.readAll().split(separator: "\n").count
        sink.write("again\n") { "\($0) dropped\n" }
        #expect((1..<lines).contains(taken))
        #expect(pipe.readAll() == "\(lines - taken) dropped\nagain\n")
    }

    @Test func `a line that was cut ends before the next one`() throws {
        let pipe = try Pipe()
        let sink = LogSink(pipe.writeEnd)
        sink.write(String(repeating: "x", count: 100_000) + "\n") { "\($0) dropped\n" }
        let start = pipe.readAll()
        sink.write("again\n") { "\($0) dropped\n" }
        #expect((4096..<100_000).contains(start.count))
        #expect(pipe.readAll() == "\n1 dropped\nagain\n")
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

/// A pipe of a test's own.
private final class Pipe {
    private let readEnd: CInt
    let writeEnd: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        // Programs that other tests start meanwhile would keep it open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// What is in it now.
    func readAll() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 0) == 1, entry.revents & Int16(POLLIN) != 0 {
            let count = read(readEnd, &buffer, buffer.count)
            bytes += buffer.prefix(max(0, count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
