package import Glibc

// Theory of operation.
//
// A child's death signal follows the thread that spawned it, and Dispatch's and Swift's threads
// come and go. So each child has a thread of its own, its keeper: it spawns the child, tells
// whoever launched it, and blocks in waitid until the child ends. The thread lives exactly as long
// as the child, and our own end, kill -9 too, ends the thread and thereby the child.
//
// The keeper first *looks* at the ended child (WNOWAIT) and then, under the mutex, records the end
// and reaps it. signal() holds the same mutex, so it never reaches a process id that was given
// away.

/// A running or ended child process.
package final class ChildProcess: @unchecked Sendable {
    // Sound: `mutex` guards all that changes after the keeper's first step; the rest is written by
    // the keeper before `launched` is resumed, which orders it before every reader.
    package private(set) var identifier: pid_t = 0
    private let command: ChildCommand
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var exit: ProgramExit?
    private var waiters: [CheckedContinuation<ProgramExit, Never>] = []
    private var launched: CheckedContinuation<PrivateClusterError?, Never>?
    private var outputFile: DiskFile?
    private var errorFile: DiskFile?

    private init(_ command: ChildCommand) {
        self.command = command
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Spawns the program; the child is running when this returns.
    package static func launch(
        _ command: ChildCommand
    ) async throws(PrivateClusterError) -> ChildProcess {
        let child = ChildProcess(command)
        let failure = await withCheckedContinuation { continuation in
            child.launched = continuation
            child.startKeeper()
        }
        if let failure { throw failure }
        return child
    }

    /// Runs the program to its end.
    package static func run(
        _ command: ChildCommand
    ) async throws(PrivateClusterError) -> (exit: ProgramExit, output: String) {
        let child = try await launch(command)
        let exit = await child.end()
        return (exit, try child.output())
    }

    /// How the child ended; `nil` while it runs.
    package var ended: ProgramExit? { locked { exit } }

    /// Waits for the child's end.
    package func end() async -> ProgramExit {
        await withCheckedContinuation { continuation in
            let known: ProgramExit? = locked {
                if exit == nil { waiters.append(continuation) }
                return exit
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Sends a signal; nothing happens when the child has ended.
    package func signal(_ number: CInt) {
        locked { if exit == nil && identifier > 0 { kill(identifier, number) } }
    }

    /// What a child with captured output wrote so far, a mebibyte at most.
    package func output() throws(PrivateClusterError) -> String {
        try Self.text(of: outputFile)
    }

    /// The same of its standard error, where that is captured apart.
    package func errors() throws(PrivateClusterError) -> String {
        try Self.text(of: errorFile)
    }

    private static func text(of file: DiskFile?) throws(PrivateClusterError) -> String {
        guard let file else { return "" }
        return String(decoding: try file.read(limit: 1 << 20), as: UTF8.self)
    }

    private func locked<T>(_ body: () -> T) -> T {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

// MARK: - The keeper thread

extension ChildProcess {
    private func startKeeper() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { box in
                guard let box else { return nil }
                Unmanaged<ChildProcess>.fromOpaque(box).takeRetainedValue().keep()
                return nil
            }, box.toOpaque())
        guard code != 0 else { return }
        box.release()
        reportLaunch(.system(call: "pthread_create", path: command.program, code: code))
    }

    private func keep() {
        var everySignal = sigset_t()
        sigfillset(&everySignal)
        pthread_sigmask(SIG_BLOCK, &everySignal, nil)
        do {
            try spawn()
        } catch {
            return reportLaunch(error)
        }
        reportLaunch(nil)
        var facts = siginfo_t()
        while waitid(P_PID, id_t(identifier), &facts, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        reap()
    }

    private func reportLaunch(_ failure: PrivateClusterError?) {
        let continuation = launched
        launched = nil
        continuation?.resume(returning: failure)
    }

    private func reap() {
        var status: CInt = 0
        let (result, waiting) = locked {
            while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
            let signal = status & 0x7f
            let result: ProgramExit = signal == 0 ? .code(status >> 8 & 0xff) : .signal(signal)
            exit = result
            defer { waiters = [] }
            return (result, waiters)
        }
        for waiter in waiting { waiter.resume(returning: result) }
    }

    /// The child has no descriptor of ours, no signal blocked or ignored, and a process group of
    /// its own: Control-C in a terminal reaches us, and we end the child when we are ready to.
    private func spawn() throws(PrivateClusterError) {
        let input = try DiskFile(anonymousWith: command.input)
        let output = try open(command.output)
        if case .captured = command.output { outputFile = output }
        let errors = if let apart = command.errors { try open(apart) } else { output }
        if case .captured = command.errors { errorFile = errors }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.descriptor, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let code = withWords(command.invocation(parent: getpid())) { arguments in
            withWords(command.environmentWords()) { environment in
                posix_spawnp(
                    &identifier, "setpriv", &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else {
            throw .system(call: "posix_spawn", path: "setpriv", code: code)
        }
    }

    private func open(
        _ output: ChildCommand.Output
    ) throws(PrivateClusterError) -> DiskFile {
        switch output {
        case .discarded: try DiskFile("/dev/null", O_WRONLY)
        case .file(let path): try DiskFile(path, O_WRONLY | O_CREAT | O_APPEND)
        case .captured: try DiskFile(anonymousWith: [])
        }
    }

    private func withWords<T>(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
    ) -> T {
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
