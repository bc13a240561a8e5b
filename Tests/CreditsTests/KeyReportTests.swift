import Testing

@testable import Ledger
@testable import credits

struct KeyReportTests {
    /// Whoever may make keys chooses the name, and somebody decides by this list what to revoke.
    @Test func `a name begins no line, and steers no terminal`() {
        let key = APIKey(
            id: 4, name: "shop\n7  credits_ffffff...  revoked\u{1B}[2J", hint: "credits_aaaaaa...",
            scopes: [.readCredits], createdAt: .init(microsecondsSinceUnixEpoch: 0), createdBy: nil,
            expiresAt: nil, lastUsedAt: nil, revokedAt: nil)
        let text = KeyReport(keys: [key]).text
        #expect(text.count { $0 == "\n" } == 1)
        #expect(!text.contains("\u{1B}"))
    }
}
