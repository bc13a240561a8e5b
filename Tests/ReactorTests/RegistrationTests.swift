import Glibc
import Testing

@testable import Reactor

/// Registers the near end for reading; the handler gets its own registration.
func register(
    _ pair: SocketPair, on loop: EventLoop, handler: @escaping (Registration) -> Void
) {
    var registration: Registration?
    do throws(SystemError) {
        registration = try loop.register(pair.near, for: .read) { _ in
            if let registration { handler(registration) }
        }
    } catch {
        Issue.record(error)
    }
}

@Suite(.timeLimit(.minutes(10)))
struct RegistrationTests {
    private actor Reader {
        let loop: EventLoop
        private let pair: SocketPair
        private var registration: Registration?
        private var waiter: CheckedContinuation<Readiness, Never>?

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            loop.asUnownedSerialExecutor()
        }

        init(loop: EventLoop, pair: SocketPair) {
            self.loop = loop
            self.pair = pair
        }

        func firstReadiness(for interest: Interest) async throws -> Readiness {
            registration = try loop.register(pair.near, for: interest) { [weak self] readiness in
                self?.assumeIsolated { $0.ready(readiness) }
            }
            return await withCheckedContinuation { waiter = $0 }
        }

        private func ready(_ readiness: Readiness) {
            registration?.cancel()
            waiter?.resume(returning: readiness)
            waiter = nil
        }
    }

    private static let readinesses: [(Interest, Bool, Readiness)] = [
        (.read, true, .readable),
        (.write, false, .writable),
        ([.read, .write], true, [.readable, .writable]),
    ]

    @Test(arguments: readinesses)
    func `an actor on the loop takes its events by assumeIsolated`(
        interest: Interest, sendsFirst: Bool, expected: Readiness
    ) async throws {
        try await withLoop { loop in
            let pair = try SocketPair()
            if sendsFirst { pair.sendByte() }
            let reader = Reader(loop: loop, pair: pair)
            #expect(try await reader.firstReadiness(for: interest) == expected)
        }
    }

    @Test
    func `a peer that hangs up is told without being asked for`() async throws {
        try await withLoop { loop in
            let pair = try SocketPair()
            _ = shutdown(pair.far, CInt(SHUT_RDWR))
            let readiness = try await Reader(loop: loop, pair: pair).firstReadiness(for: .read)
            #expect(readiness.isSuperset(of: [.readable, .hangUp]))
        }
    }

    /// Two descriptors are ready in one round. Whichever handler comes first closes the other one's
    /// descriptor and registers a silent one under the same number.
    @Test(arguments: [false, true])
    func `an event for a closed descriptor never reaches the next one of that number`(
        isCancelledForClose: Bool
    ) async throws {
        try await withLoop { loop in
            let (first, second, silent) = (try SocketPair(), try SocketPair(), try SocketPair())
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                var registrations: [CInt: Registration] = [:]
                func replace(_ other: SocketPair) {
                    let old = registrations[other.near]
                    if isCancelledForClose { old?.cancelForClose() } else { old?.cancel() }
                    dup2(silent.near, other.near)
                    registrations[other.near] = try? loop.register(other.near, for: .read) { _ in
                        diary.note("stale")
                    }
                }
                for (pair, other) in [(first, second), (second, first)] {
                    registrations[pair.near] = try? loop.register(pair.near, for: .read) { _ in
                        diary.note("ready")
                        pair.receiveByte()
                        replace(other)
                    }
                    pair.sendByte()
                }
                _ = loop.schedule(after: .milliseconds(20)) { done(diary.entries) }
            }
            #expect(entries == ["ready"])
        }
    }

    @Test
    func `no event comes after cancel, nor while there is no interest`() async throws {
        try await withLoop { loop in
            let (quiet, mute, live) = (try SocketPair(), try SocketPair(), try SocketPair())
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                let cancelled = try? loop.register(quiet.near, for: .read) { _ in
                    diary.note("cancelled")
                }
                var muted: Registration?
                muted = try? loop.register(mute.near, for: .read) { _ in
                    muted?.cancel()
                    done(diary.entries)
                }
                register(live, on: loop) { registration in
                    registration.cancel()
                    registration.cancel()
                    diary.note("live")
                    muted?.update(.read)
                }
                for pair in [quiet, mute, live] { pair.sendByte() }
                _ = shutdown(mute.far, CInt(SHUT_RDWR))
                cancelled?.cancel()
                muted?.update([])
            }
            #expect(entries == ["live"])
        }
    }

    @Test
    func `a registration whose descriptor was closed behind its back harms no other`()
        async throws
    {
        try await withLoop { loop in
            let (lost, live) = (try SocketPair(), try SocketPair())
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                let orphan = try? loop.register(lost.near, for: .read) { _ in diary.note("lost") }
                // As libpq does: the number is closed and used anew while the registration stands.
                dup2(live.near, lost.near)
                register(lost, on: loop) { registration in
                    registration.cancel()
                    done(diary.entries)
                }
                orphan?.update(.write)
                orphan?.cancel()
                live.sendByte()
            }
            #expect(entries == [])
        }
    }

    /// A folder cannot be watched; under its number the socket cannot either, until it is back.
    @Test
    func `a descriptor that could not be watched is watched when it is asked for again`()
        async throws
    {
        try await withLoop { loop in
            let pair = try SocketPair()
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                var registration: Registration?
                registration = try? loop.register(pair.near, for: []) { readiness in
                    diary.note(readiness == .failed ? "failed" : "ready")
                    guard readiness != .failed else { return }
                    registration?.cancel()
                    done(diary.entries)
                }
                let (socket, folder) = (dup(pair.near), open("/", O_RDONLY))
                dup2(folder, pair.near)
                let wasWatched = registration?.update(.read)
                diary.note("watched: \(wasWatched == true), \(registration?.interest == .read)")
                dup2(socket, pair.near)
                for descriptor in [socket, folder] { _ = Glibc.close(descriptor) }
                let isWatched = registration?.update(.read)
                diary.note("watched: \(isWatched == true), \(registration?.interest == .read)")
                pair.sendByte()
            }
            #expect(
                entries == ["watched: false, false", "watched: true, true", "failed", "ready"])
        }
    }

    @Test
    func `a descriptor that cannot be watched is refused with the system's reason`() async throws {
        let loop = try EventLoop(label: "refusing")
        let pair = try SocketPair()
        let codes: [CInt] = await loop.result { done in
            @Sendable func code(_ descriptor: CInt) -> CInt {
                do throws(SystemError) {
                    _ = try loop.register(descriptor, for: .read) { _ in }
                    return 0
                } catch { return error.code }
            }
            let open = [code(-1), code(1 << 20), code(pair.near), code(pair.near)]
            loop.close()
            loop.execute { done(open + [code(pair.near)]) }
        }
        #expect(codes == [EBADF, EBADF, 0, EEXIST, ESHUTDOWN])
    }

    @Test
    func `close releases handlers, timers and the loop itself`() async throws {
        final class Witness: Sendable {}
        weak var witness: Witness?
        weak var loopWitness: EventLoop?
        try await {
            let loop = try EventLoop(label: "leaving")
            let pair = try SocketPair()
            let held = Witness()
            (witness, loopWitness) = (held, loop)
            await loop.result { done in
                _ = try? loop.register(pair.near, for: .read) { _ in _ = (loop, held) }
                _ = loop.schedule(after: .seconds(3600)) { _ = (loop, held) }
                done(())
            }
            loop.close()
            await loop.result { $0(()) }
        }()
        // Dispatch gives the source up on the queue, a moment later.
        while loopWitness != nil { await Task.yield() }
        #expect(witness == nil)
    }
}
