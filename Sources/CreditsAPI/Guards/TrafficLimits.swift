import HTTP
import Ledger

/// How often an address and a key may call the API. What is not set limits nothing.
struct TrafficLimits: Sendable {
    private let perAddress: RateLimiter?
    private let perKey: RateLimiter?

    init(_ settings: APISettings) {
        perAddress = settings.addressRate.map { RateLimiter($0, now: settings.now) }
        perKey = settings.keyRate.map { RateLimiter($0, now: settings.now) }
    }

    /// Before the key is looked at: a flood costs no hash.
    func count(_ request: Request) throws(Problem) {
        guard let perAddress else { return }
        if let wait = perAddress.take(AddressName.of(request.peer)) {
            throw .rateLimited("address", perAddress.rate, wait)
        }
    }

    /// The same without counting.
    func look(_ request: Request) throws(Problem) {
        guard let perAddress else { return }
        if let wait = perAddress.wait(for: AddressName.of(request.peer)) {
            throw .rateLimited("address", perAddress.rate, wait)
        }
    }

    func count(_ caller: Caller) throws(Problem) {
        guard let perKey, let actor = caller.actor else { return }
        if let wait = perKey.take(actor.rawValue) {
            throw .rateLimited("key", perKey.rate, wait)
        }
    }
}

/// What stands for a client's address: an IPv6 host has a whole /64 to choose from (RFC 4291,
/// 2.5.4), which therefore counts as one.
enum AddressName {
    static func of(_ peer: String) -> String {
        guard peer.utf8.contains(UInt8(ascii: ":")) else { return peer }
        let text = peer.prefix { $0 != "%" }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        let first = halves[0].split(separator: ":").map(String.init)
        let last = halves.count > 1 ? halves[1].split(separator: ":").map(String.init) : []
        let zeros = Array(repeating: "0", count: max(0, 8 - first.count - last.count))
        return (first + zeros + last).prefix(4).joined(separator: ":")
    }
}

extension Problem {
    /// The fields are those of the IETF's draft (draft-ietf-httpapi-ratelimit-headers).
    static func rateLimited(_ what: String, _ rate: Rate, _ wait: Duration) -> Problem {
        let seconds = wholeSeconds(wait)
        return Problem(
            type: .rateLimited,
            detail: "This \(what) may make \(rate.count) requests in \(rate.period.seconds) s, and "
                + "made more. Nothing was done; try again in \(seconds) s.",
            fields: [
                ("Retry-After", "\(seconds)"),
                ("RateLimit-Policy", "\"\(what)\";q=\(rate.count);w=\(rate.period.seconds)"),
                ("RateLimit", "\"\(what)\";r=0;t=\(seconds)"),
            ])
    }

    static func tooManyBadKeys(_ wait: Duration) -> Problem {
        let seconds = wholeSeconds(wait)
        return Problem(
            type: .rateLimited,
            detail: "Too many keys that are not in force came from this address. Try again in "
                + "\(seconds) s, with one that is.",
            fields: [("Retry-After", "\(seconds)")])
    }

    private static func wholeSeconds(_ wait: Duration) -> Int64 {
        let (seconds, attoseconds) = wait.components
        return max(1, seconds + (attoseconds > 0 ? 1 : 0))
    }
}
