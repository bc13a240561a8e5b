/// What a key may be allowed to do. The raw values are those that keys are made with, and that the
/// database keeps.
package enum Scope: String, Hashable, Sendable, CaseIterable {
    case readCredits = "credits:read"
    case writeCredits = "credits:write"
    /// Names and e-mail addresses: what is personal is not for everybody who may read balances.
    case readUsers = "users:read"
    case writeUsers = "users:write"
    case runGrants = "grants:run"
    case planSchema = "schema:plan"
    case applySchema = "schema:apply"
    case manageKeys = "keys:manage"
}
