import Testing

@Suite("Rules of the house")
struct TidyTests {
    /// The only files that vouch for something that the compiler cannot see, each with the reason.
    static let vouchers: [String: String] = [
        "Sources/PrivatePostgres/ChildProcess.swift":
            "a mutex guards what the keeper thread writes",
        "Sources/Postgres/Wire/CancelRequest.swift": "PGcancel is documented as thread-safe",
        "Sources/Postgres/Wire/ResultHandle.swift": "a PGresult is read-only once received",
        "Sources/Postgres/Wire/Session.swift": "a PGconn touched on its event loop only",
        "Sources/HTTPServer/Connections/LargeBodies.swift": "a semaphore guards what is taken",
        "Sources/Reactor/EventLoop.swift": "all state is touched on the loop's queue only",
        "Sources/Reactor/JobInbox.swift": "a lock guards the jobs that other threads bring",
        "Sources/Cryptography/SHA256Digest.swift": "libcrypto's threads share a fetched algorithm",
        "Sources/Ledger/Service/Guarded.swift": "a semaphore guards the value",
        "Sources/credits/Logging/LogSink.swift": "a queue guards what was dropped",
        "Sources/Ledger/Service/Gatherer.swift": "the actor holds its executor as long as it lives",
        "Sources/Ledger/Delta/DeltaWriter.swift": "as the gatherer",
        "Tests/HTTPServerTests/TestClient.swift": "a queue guards the bytes read ahead",
        "Tests/HTTPServerTests/ServerFixture.swift": "queues guard what is logged and what is owed",
        "Tests/CreditsTests/DescriptorTests.swift": "one thread after the other uses the client",
        "Tests/CreditsAPITests/LogRecorder.swift": "a queue guards the lines that are logged",
    ]

    @Test func `nothing is vouched for outside the list`() throws {
        let words = ["@unchecked " + "Sendable", "nonisolated(" + "unsafe)", "un" + "safe "]
        var found: Set<String> = []
        for file in try Repository.current.swiftFiles() {
            for (number, line) in file.code where words.contains(where: line.contains) {
                found.insert(file.path)
                #expect(Self.vouchers[file.path] != nil, "\(file):\(number): \(line)")
            }
        }
        let idle = Set(Self.vouchers.keys).subtracting(found)
        #expect(idle.isEmpty, "these need no entry any more")
    }

    @Test(arguments: [
        (word: "try" + "!", reason: "an error is thrown or handled"),
        (word: "as" + "! ", reason: "a cast is checked"),
        (word: "fatal" + "Error(", reason: "precondition says what was broken"),
        (word: "Mutex" + "(", reason: "it raises false alarms under TSan"),
        (word: "Mutex" + "<", reason: "it raises false alarms under TSan"),
        (word: "import Found" + "ation\n", reason: "FoundationEssentials is tens of MB smaller"),
    ])
    func `a word that the house does not use`(word: String, reason: String) throws {
        for file in try Repository.current.swiftFiles() {
            for (number, line) in file.code where "\(line)\n".contains(word) {
                Issue.record("\(file):\(number): \(word): \(reason)")
            }
        }
    }

    @Test func `only the executable prints`() throws {
        for file in try Repository.current.swiftFiles(in: ["Sources"])
        where file.target != "credits" {
            for (number, line) in file.code where line.contains("print(") {
                let before = line.prefix(
                    upTo: line.firstRange(of: "print(")?.lowerBound ?? line.endIndex)
                let isCall = before.last.map { !$0.isLetter && $0 != "." } ?? true
                #expect(!isCall, "\(file):\(number)")
            }
        }
    }

    @Test func `no file is a drawer for everything`() throws {
        let drawers = ["Utils", "Utilities", "Helper", "Common", "Models.", "Manager", "Misc"]
        for file in try Repository.current.swiftFiles() {
            #expect(!drawers.contains(where: file.name.contains), "\(file)")
        }
    }

    @Test func `no type is named like its module`() throws {
        for file in try Repository.current.swiftFiles(in: ["Sources"]) {
            guard let target = file.target else { continue }
            for (number, line) in file.code {
                let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
                for (kind, name) in zip(words, words.dropFirst()) where name == target {
                    #expect(!Self.kinds.contains(kind), "\(file):\(number)")
                }
            }
        }
    }

    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    @Test func `no text has tabs, trailing blanks, or an unfinished last line`() throws {
        let places = [
            "Sources", "Tests", "docs", "scripts", "bench", "chaos", "fuzz/Sources",
            "Package.swift", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "schema.sql",
            ".env.example", ".ci/run",
        ]
        let endings = [
            ".swift", ".c", ".h", ".md", ".sql", ".js", ".mjs", ".css", ".html", ".py", ".sh",
            ".example", ".lua", ".conf", "/run", "/setup", "/conformance", "/sanitize",
            "/fuzz", "/hostile",
        ]
        for file in try Repository.current.files(in: places, endings: endings) {
            for (number, line) in zip(1..., file.lines) {
                #expect(!line.utf8.contains(UInt8(ascii: "\t")), "\(file):\(number): a tab")
                #expect(line.last?.isWhitespace != true, "\(file):\(number): trailing blanks")
            }
            #expect(file.lines.last != "", "\(file): empty lines at the end")
        }
    }
}
