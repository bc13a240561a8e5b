import FoundationEssentials
import PrivatePostgres
import TestSupport
import Testing

/// The README's examples, run as they stand there.
struct ReadmeTests {
    /// A `$ command` of a console block, and the lines that follow it.
    private struct Example {
        let command: String
        var output: [String] = []
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test func `every command of the README answers as is printed there`() async throws {
        let readme = try String(contentsOfFile: Self.root + "/README.md", encoding: .utf8)
        let examples = Self.examples(in: readme)
        #expect(examples.count >= 4)
        try await withTemporaryFolder { folder in
            let server = try await RunningServer.start(["DATA_DIR": folder + "/data"])
            for example in examples {
                let command = example.command.replacing(
                    "localhost:8000", with: "localhost:\(server.port)")
                let result = try await TestProgram.run(
                    "/bin/sh", ["-c", command], environment: ["PATH": "/usr/bin:/bin"])
                #expect(
                    Self.withoutMoment(result.output)
                        == Self.withoutMoment(example.output.joined(separator: "\n")),
                    "\(example.command)")
            }
            #expect(try await server.stop().exit == .code(0))
        }
    }

    private static func examples(in text: String) -> [Example] {
        var examples: [Example] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                examples.append(Example(command: String(line.dropFirst(2))))
            } else if isInside, !line.isEmpty {
                examples[examples.count - 1].output.append(String(line))
            }
        }
        return examples
    }

    /// Times and ids differ with each run; everything else must not.
    private static func withoutMoment(_ output: String) -> String {
        output
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/, with: "<time>")
            .replacing(/"request_id":"[^"]+"/, with: #""request_id":"<id>""#)
            .replacing(/"transaction_id":\d+/, with: #""transaction_id":<id>"#)
            .trimmingNewlines
    }
}

extension String {
    fileprivate var trimmingNewlines: String {
        String(drop { $0.isNewline }.reversed().drop { $0.isNewline }.reversed())
    }
}
