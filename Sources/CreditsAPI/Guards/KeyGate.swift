import HTTP
import Ledger

/// Lets a request pass that may do what its route does.
///
/// Theory of operation: a key that was seen in the last seconds is judged at once, from memory. One
/// that was not, the request waits for: the ring asks the database, once for all who wait. A server
/// without any key is open, on loopback only. ADMIN_TOKEN is a key that needs no database. Every
/// key is compared by its hash, and whatever is wrong with one, the answer is the same 401.
///
/// Who shows wrong keys again and again is slowed down: an address has a handful of them, and after
/// that its unknown keys are not looked at for a while. Keys that are known to be good go on
/// working, since their holders may share the address.
struct KeyGate: Sendable {
    enum Verdict: Sendable {
        case passed(Caller)
        /// The database has to be asked.
        case unsettled(Question)
    }

    /// What is to be asked of the database.
    struct Question: Sendable {
        /// What might be a key.
        fileprivate let keys: [KeyHash]
        /// One of them was good when it was looked up last.
        fileprivate let hasKnown: Bool
        /// Nothing was shown at all.
        fileprivate let isEmpty: Bool
        fileprivate let peer: String
    }

    private let ring: KeyRing
    private let administrator: KeyHash?
    private let mayBeOpen: Bool
    private let anonymous: Caller
    private let failures: RateLimiter?

    init(_ settings: APISettings, ring: KeyRing, failures: RateLimiter?) {
        self.ring = ring
        administrator = settings.administratorToken
        mayBeOpen = settings.isLoopbackOnly && settings.administratorToken == nil
        anonymous = Caller(actor: nil, scopes: settings.anonymousScopes)
        self.failures = failures
        if mayBeOpen { ring.note(isConfigured: settings.hasStoredKeys) }
    }

    /// Judges what can be judged without waiting.
    func judge(_ request: Request, _ scope: Scope) throws(Problem) -> Verdict {
        let isConfigured = mayBeOpen ? ring.isConfigured() : true
        if isConfigured == false { return .passed(.anybody) }
        let shown = ShownKeys.of(request.fields)
        if shown.isEmpty, isConfigured == true { return .passed(try anonymous(scope)) }
        var unsettled: [KeyHash] = []
        var hasKnown = false
        for key in shown where ShownKeys.isPlausible(key) {
            let hash = KeyHash(of: key)
            if hash == administrator { return .passed(.administrator) }
            guard KeySecret.isWellFormed(key) else { continue }
            switch ring.known(hash) {
            case .live(let holder): return .passed(try admit(Caller(holder), scope))
            case .outOfDate: (hasKnown, unsettled) = (true, unsettled + [hash])
            case .notAsked: unsettled.append(hash)
            case .unknown: break
            }
        }
        let question = Question(
            keys: unsettled, hasKnown: hasKnown, isEmpty: shown.isEmpty, peer: request.peer)
        if isConfigured == nil { return .unsettled(question) }
        guard !unsettled.isEmpty else { throw refusal(of: request.peer) }
        try refuseGuesses(question)
        return .unsettled(question)
    }

    /// Judges the rest, by what the database says.
    func settle(
        _ question: Question, _ scope: Scope
    ) async throws(Problem) -> Caller {
        guard try await isClosed() else { return .anybody }
        if question.isEmpty { return try anonymous(scope) }
        // Again: others of this address may have been found wrong meanwhile.
        try refuseGuesses(question)
        for key in question.keys {
            if let holder = try await find(key) { return try admit(Caller(holder), scope) }
        }
        throw refusal(of: question.peer)
    }

    private func refuseGuesses(_ question: Question) throws(Problem) {
        guard !question.hasKnown, !question.keys.isEmpty else { return }
        if let wait = failures?.wait(for: AddressName.of(question.peer)) {
            throw .tooManyBadKeys(wait)
        }
    }

    private func isClosed() async throws(Problem) -> Bool {
        guard mayBeOpen else { return true }
        do {
            return try await ring.askWhetherConfigured()
        } catch {
            throw Problem(error)
        }
    }

    private func find(_ key: KeyHash) async throws(Problem) -> KeyHolder? {
        do {
            return try await ring.find(key)
        } catch {
            throw Problem(error)
        }
    }

    private func anonymous(_ scope: Scope) throws(Problem) -> Caller {
        guard anonymous.scopes.contains(scope) else { throw .authenticationRequired }
        return anonymous
    }

    private func admit(_ caller: Caller, _ scope: Scope) throws(Problem) -> Caller {
        try caller.require(scope)
        return caller
    }

    /// 401, and 429 once there were too many of them.
    private func refusal(of peer: String) -> Problem {
        if let wait = failures?.take(AddressName.of(peer)) { return .tooManyBadKeys(wait) }
        return .invalidKey
    }
}
