package import Glibc
package import PrivatePostgres

/// How a program ended, and what it wrote.
package struct ProgramResult: Sendable {
    package let exit: ProgramExit
    package let output: String
    package let errors: String
}

/// A child process of a test: it ends with the test process at the latest.
package struct TestProgram: Sendable {
    private let child: ChildProcess

    /// Starts the program (a full path) with a bare environment plus the one given.
    package static func launch(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        input: String = "", workingDirectory: String = "/"
    ) async throws -> TestProgram {
        var command = ChildCommand(program, arguments)
        command.environment = environment
        command.input = Array(input.utf8)
        command.workingDirectory = workingDirectory
        command.output = .captured
        command.errors = .captured
        command.deathSignal = "KILL"
        return TestProgram(child: try await ChildProcess.launch(command))
    }

    /// Runs the program to its end; it is killed at the deadline.
    package static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        input: String = "", workingDirectory: String = "/", deadline: Duration = patience
    ) async throws -> ProgramResult {
        try await launch(
            program, arguments, environment: environment, input: input,
            workingDirectory: workingDirectory
        ).end(within: deadline)
    }

    package var identifier: pid_t { child.identifier }

    /// How it ended; `nil` while it runs.
    package var ended: ProgramExit? { child.ended }

    package func signal(_ number: CInt) { child.signal(number) }

    /// Waits for the end; at the deadline the program is killed, which its exit then shows.
    package func end(within deadline: Duration = patience) async throws -> ProgramResult {
        let killing = Task {
            try await Task.sleep(for: deadline)
            child.signal(SIGKILL)
        }
        let exit = await child.end()
        killing.cancel()
        return ProgramResult(exit: exit, output: try child.output(), errors: try child.errors())
    }

    /// What it wrote so far, on both.
    package func written() throws -> String { try child.output() + child.errors() }

    /// Waits until it has written the text, on either; throws with all that it wrote when it ends
    /// before, or does not write it in time.
    @discardableResult
    package func waitForText(
        _ text: String, within deadline: Duration = patience
    ) async throws -> String {
        let end = ContinuousClock.now + deadline
        while true {
            let hasEnded = child.ended != nil
            let written = try written()
            if written.contains(text) { return written }
            guard !hasEnded, ContinuousClock.now < end else {
                throw TestSupportError("waited for \"\(text)\"; the program wrote:\n\(written)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The path of an executable of this package, which stands beside the tests' own.
    package static func product(_ name: String) throws -> String {
        guard let own = realpath("/proc/self/exe", nil) else {
            throw TestSupportError("/proc/self/exe cannot be read")
        }
        defer { free(own) }
        let path = String(cString: own)
        return (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./") + name
    }
}
