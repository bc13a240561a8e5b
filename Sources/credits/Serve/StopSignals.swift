import Dispatch
import Glibc

/// SIGINT and SIGTERM: the first asks for a graceful stop, the second ends the process at once,
/// with the exit code that a shell gives such an end.
///
/// They are watched on a queue of their own, so that the second works also when everything else
/// hangs. A private PostgreSQL notices that its parent is gone and stops by itself; so it does when
/// a signal comes before this watch begins, while there is nothing yet to stop gracefully.
struct StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Returns when the signals are caught: who then says "ready" may be told to stop at once.
    init(onFirst stop: @escaping @Sendable () -> Void) async {
        let queue = DispatchQueue(label: "credits.signals")
        let received = Received()
        sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                received.count += 1
                if received.count == 1 { stop() } else { _exit(128 + number) }
            }
            return source
        }
        for source in sources {
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.activate()
            }
        }
    }

    /// Signals have their default effect again.
    func cancel() {
        for source in sources { source.cancel() }
    }

    /// Confined to the queue of the sources above.
    private final class Received {
        var count = 0
    }
}
