import Dispatch
import Logging
import Reactor

// Theory of operation
//
// libpq looks names up with a call that blocks, and between the hosts of one address it keeps no
// deadline unless the caller blocks too. So the names are looked up on a thread, and every address
// found is tried by a PQconnectStart of its own, which does not block. The time that is left is
// shared out evenly among the hosts that are left, and a host's share among its addresses: a host
// that swallows packets cannot use up the time of the one behind it. target_session_attrs goes
// along with each try; only prefer-standby looks at all hosts, and becomes two rounds (standby,
// then any). While connecting, libpq may close its socket and open another under the same number,
// so the registration is given up before every step and made anew after it.

/// Makes one session to one of an address's hosts, on the event loop that the session will live on.
actor Connector {
    private nonisolated let loop: EventLoop
    private let address: DatabaseAddress
    private let settings: ConnectionSettings
    private let logger: Logger

    private var session: Session?
    private var registration: Registration?
    private var timer: ScheduledAction?
    /// Resumed with the failure's reason, or nil when the session stands.
    private var attempt: CheckedContinuation<String?, Never>?
    private var lookup: CheckedContinuation<[String], Never>?
    /// Tells a lookup's late answer from the answer to the next one.
    private var lookupNumber = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(
        address: DatabaseAddress, loop: EventLoop, settings: ConnectionSettings, logger: Logger
    ) {
        self.address = address
        self.loop = loop
        self.settings = settings
        self.logger = logger
    }

    func connect() async throws(PostgresError) -> Session {
        let deadline = loop.now.advanced(by: settings.connectTimeout)
        let candidates = address.candidates
        var failures: [String] = []
        for (index, candidate) in candidates.enumerated() {
            let share = loop.now.duration(to: deadline) / (candidates.count - index)
            let session = await connect(to: candidate, within: share, failures: &failures)
            if let session { return session }
            if Task.isCancelled { throw .cancelled }
        }
        throw .cannotConnect(failures.joined(separator: "; "))
    }

    private func connect(
        to candidate: DatabaseAddress.Candidate, within share: Duration, failures: inout [String]
    ) async -> Session? {
        let deadline = loop.now.advanced(by: share)
        guard let name = candidate.nameToLookUp else {
            return await tryOnce(candidate, nil, within: share, failures: &failures)
        }
        let addresses = await addresses(of: name, within: share)
        if addresses.isEmpty {
            failures.append("the host name \"\(name)\" was not found")
        }
        for (index, address) in addresses.enumerated() {
            let rest = loop.now.duration(to: deadline) / (addresses.count - index)
            let session = await tryOnce(candidate, address, within: rest, failures: &failures)
            if session != nil || Task.isCancelled { return session }
        }
        return nil
    }

    private func tryOnce(
        _ candidate: DatabaseAddress.Candidate, _ hostAddress: String?, within share: Duration,
        failures: inout [String]
    ) async -> Session? {
        let parameters = address.parameters(
            for: candidate, hostAddress: hostAddress, applicationName: settings.applicationName)
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
                if Task.isCancelled { return continuation.resume(returning: "cancelled") }
                attempt = continuation
                begin(parameters, place: candidate.description, within: share)
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.abandon() } }
        }
        defer { session = nil }
        if let failure { failures.append(failure) }
        return session
    }

    // MARK: One try

    private func begin(
        _ parameters: [(keyword: String, value: String)], place: String, within share: Duration
    ) {
        timer = loop.schedule(after: share) {
            self.assumeIsolated { $0.finish("\(place) did not answer in time") }
        }
        guard let session = Session(connecting: parameters, loop: loop, logger: logger) else {
            return finish("out of memory")
        }
        self.session = session
        session.isBad ? finish(session.failureText) : wait(for: .write)
    }

    private func wait(for interest: Interest) {
        guard let session else { return }
        do throws(SystemError) {
            registration = try loop.register(session.socket, for: interest) { _ in
                self.assumeIsolated { $0.proceed() }
            }
        } catch {
            finish("\(error)")
        }
    }

    private func proceed() {
        guard let session else { return }
        registration?.cancel()
        switch session.poll() {
        case .read: wait(for: .read)
        case .write: wait(for: .write)
        case .done: finish(nil)
        case .failed: finish(session.failureText)
        }
    }

    private func finish(_ failure: String?) {
        registration?.cancel()
        registration = nil
        timer?.cancel()
        timer = nil
        if failure != nil { session = nil }
        attempt?.resume(returning: failure)
        attempt = nil
    }

    private func abandon() {
        finish("cancelled")
        endLookup(lookupNumber, with: [])
    }

    // MARK: Names

    /// Empty when the name is unknown, or the answer does not come in time.
    private func addresses(of name: String, within share: Duration) async -> [String] {
        lookupNumber += 1
        let number = lookupNumber
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: []) }
                lookup = continuation
                timer = loop.schedule(after: share) {
                    self.assumeIsolated { $0.endLookup(number, with: []) }
                }
                DispatchQueue.global().async { [loop] in
                    let found = numericAddresses(ofHost: name)
                    loop.execute { self.assumeIsolated { $0.endLookup(number, with: found) } }
                }
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.abandon() } }
        }
    }

    private func endLookup(_ number: Int, with addresses: [String]) {
        guard number == lookupNumber, let lookup else { return }
        timer?.cancel()
        timer = nil
        self.lookup = nil
        lookup.resume(returning: addresses)
    }
}
