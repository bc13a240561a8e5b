import Glibc

/// The first process of a container.
enum FirstProcess {
    /// Linux spares process 1 the default effect of a signal: told to stop before it is ready, or
    /// while a command runs, it would go on. `StopSignals` takes the signals over.
    static func heedSignals() {
        guard getpid() == 1 else { return }
        for number in [SIGINT, SIGTERM] { signal(number) { _exit(128 + $0) } }
    }
}
