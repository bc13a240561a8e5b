import CreditsAPI
import Ledger

/// How often somebody may call.
enum RateChoice: Sendable, Hashable {
    /// What is sensible where the server can be reached: off on loopback.
    case usual
    case off
    case limited(Rate)

    /// Far beyond what one client sends, and far below what one that is broken can.
    static let usualRate = Rate(5_000, per: .second)
    static let usualWords = "off on loopback, else 5000/s"

    func rate(_ exposure: Exposure) -> Rate? {
        switch self {
        case .usual: exposure == .loopback ? nil : Self.usualRate
        case .off: nil
        case .limited(let rate): rate
        }
    }
}

extension SettingKind where Value == RateChoice {
    static let rate = SettingKind(
        placeholder: "rate",
        expectation: "auto, off, or a number of calls from 1 to 1000000 per s, m or h, such as "
            + "600/m",
        parse: { text in
            switch text.lowercased() {
            case "auto": return .usual
            case "off": return .off
            default: break
            }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let count = Int(parts[0]), parts[0].first != "+",
                let period = Rate.Period(rawValue: String(parts[1]))
            else { return nil }
            return Rate(count, per: period).map { .limited($0) }
        },
        format: { choice in
            switch choice {
            case .usual: "auto"
            case .off: "off"
            case .limited(let rate): "\(rate.count)/\(rate.period.rawValue)"
            }
        })
}

extension SettingKind where Value == Set<Scope> {
    static let scopes = SettingKind(
        placeholder: "scopes",
        expectation: "scopes, separated by commas, of "
            + Scope.allCases.map(\.rawValue).joined(separator: ", "),
        parse: { text in
            let scopes = text.split(separator: ",").map { Scope(rawValue: trimmed($0)) }
            return scopes.contains(nil) ? nil : Set(scopes.compactMap { $0 })
        },
        format: { scopes in
            Scope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ",")
        })
}

extension SettingKind where Value == [String] {
    /// Origins as browsers send them (RFC 6454, 6.2): a scheme, a host, a port where it is not the
    /// usual one, and nothing else. A star would be every site there is.
    static let origins = SettingKind(
        placeholder: "origins",
        expectation: "origins, separated by commas, such as https://example.com",
        parse: { text in
            let origins = text.split(separator: ",").map { origin(trimmed($0)) }
            return origins.contains(nil) ? nil : origins.compactMap { $0 }
        },
        format: { $0.joined(separator: ",") })

    private static func origin(_ text: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
        let host = String(text.dropFirst(scheme.count))
        return SettingKind<String>.host.parse(host) == nil || host.contains("*") ? nil : text
    }
}
