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
        judgesHost = settings.isLoopbackOnly || !settings.hasKeys
        allowedHosts = Set(settings.allowedHosts.map { $0.lowercased() })
    }

    /// - Parameter isListed: Whether it comes from a page of a site that may call the service.
    func check(_ head: RequestHead, isListed: Bool = false) throws(Problem) {
        if judgesHost, let host = head.fields.value(of: .host) { try checkHost(host) }
        if isListed { return }
        if let site = head.fields[.secFetchSite] {
            guard site == "same-origin" || site == "none" || isFollowedLink(head) else {
                throw .crossSite
            }
        } else if judgesHost, let origin = head.fields[.origin] {
            guard let host = head.fields[.host], Self.host(ofOrigin: origin) == host.lowercased()
            else { throw .crossSite }
        }
    }

    private func checkHost(_ field: ArraySlice<UInt8>) throws(Problem) {
        let name = Self.name(ofHost: field)
        guard Self.isLoopback(name) || isAllowed(name) else {
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

    /// `localhost` of `localhost:8000`, `::1` of `[::1]:8000`; without a final dot.
    static func name(ofHost field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if field.first == UInt8(ascii: "[") {
            return field.dropFirst().prefix { $0 != UInt8(ascii: "]") }
        }
        let name = field.prefix { $0 != UInt8(ascii: ":") }
        return name.last == UInt8(ascii: ".") ? name.dropLast() : name
    }

    /// localhost and the names under it (RFC 6761, 6.3), 127.0.0.0/8 and ::1. Every request asks
    /// this, so it looks at bytes and makes no string.
    static func isLoopback(_ name: ArraySlice<UInt8>) -> Bool {
        name.isWord("localhost") || name.suffix(".localhost".utf8.count).isWord(".localhost")
            || name.isWord("::1") || isLoopbackAddress(name)
    }

    /// Four numbers of at most three digits, with 127 as the first.
    private static func isLoopbackAddress(_ name: ArraySlice<UInt8>) -> Bool {
        var (dots, digits, octet) = (0, 0, 0)
        for byte in name {
            switch byte {
            case UInt8(ascii: "."):
                guard digits > 0, dots > 0 || octet == 127 else { return false }
                (dots, digits, octet) = (dots + 1, 0, 0)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                (digits, octet) = (digits + 1, octet * 10 + Int(byte - UInt8(ascii: "0")))
                guard digits <= 3, octet <= 255 else { return false }
            default:
                return false
            }
        }
        return dots == 3 && digits > 0
    }

    private func isAllowed(_ name: ArraySlice<UInt8>) -> Bool {
        !allowedHosts.isEmpty
            && allowedHosts.contains(String(decoding: name, as: UTF8.self).lowercased())
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
            + "server, from a page of its own origin, or have the site named in "
            + "CORS_ALLOWED_ORIGINS.")
}
