import HTTP

/// Keeps other web sites' pages, which run in the browsers of those who can reach this server, from
/// reaching it through them.
///
/// - `Sec-Fetch-Site` is the browser's own word on who asks; no page can forge it. Only our pages
///   (`same-origin`) and the user himself (`none`) pass, and a link that is followed to a page of
///   ours: the other site sees nothing of the answer.
/// - A browser too old for it says `Origin`, which must then be the host that was asked.
/// - Under a name of its own that it lets point to 127.0.0.1 (DNS rebinding), another site's page
///   counts as same-origin: only the names that a loopback server has by nature are answered.
///
/// The last two need to know by which name the server is meant to be called. That is known on
/// loopback; behind a proxy it is the proxy's affair.
struct SiteGuard: Sendable {
    private let judgesHost: Bool
    private let allowedHosts: Set<String>

    init(_ settings: APISettings) {
        judgesHost = settings.isLoopbackOnly || settings.administratorToken == nil
        allowedHosts = Set(settings.allowedHosts.map { $0.lowercased() })
    }

    func check(_ head: RequestHead) throws(Problem) {
        if judgesHost, let host = head.fields[.host] { try checkHost(host) }
        if let site = head.fields[.secFetchSite] {
            guard site == "same-origin" || site == "none" || isFollowedLink(head) else {
                throw .crossSite
            }
        } else if judgesHost, let origin = head.fields[.origin] {
            guard let host = head.fields[.host], Self.host(ofOrigin: origin) == host.lowercased()
            else { throw .crossSite }
        }
    }

    private func checkHost(_ field: String) throws(Problem) {
        let name = Self.name(ofHost: field)
        guard Self.isLoopback(name) || allowedHosts.contains(name) else {
            throw Problem(
                type: .unexpectedHost,
                detail: "This server answers on loopback names only, such as localhost. Name this "
                    + "host in ALLOWED_HOSTS if it is meant to be called so.")
        }
    }

    /// Somebody clicked on a link to a page of ours, and the browser opens it for him.
    private func isFollowedLink(_ head: RequestHead) -> Bool {
        (head.method == .get || head.method == .head)
            && head.fields[.secFetchMode] == "navigate"
            && head.fields[.secFetchDest] == "document"
    }

    // MARK: - Names

    /// `localhost` of `localhost:8000`, `::1` of `[::1]:8000`; lower-cased, without a final dot.
    static func name(ofHost field: String) -> String {
        let host = field.lowercased()
        if host.hasPrefix("[") {
            return String(host.dropFirst().prefix { $0 != "]" })
        }
        let name = host.prefix { $0 != ":" }
        return String(name.hasSuffix(".") ? name.dropLast() : name)
    }

    /// localhost and the names under it (RFC 6761, 6.3), 127.0.0.0/8 and ::1.
    static func isLoopback(_ name: String) -> Bool {
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                (1...3).contains(octet.utf8.count) && UInt8(octet) != nil && octet.first != "+"
            }
    }

    /// nil for `null`, which stands for a page that has no origin.
    private static func host(ofOrigin origin: String) -> String? {
        let origin = origin.lowercased()
        guard let scheme = ["http://", "https://"].first(where: origin.hasPrefix) else {
            return nil
        }
        return String(origin.dropFirst(scheme.count))
    }
}

extension Problem {
    fileprivate static let crossSite = Problem(
        type: .crossSiteRequest,
        detail: "A browser sent this request for a page of another site. Call the service from a "
            + "server, or from a page of its own origin.")
}
