import Testing

@testable import Ledger

struct `What is known of keys` {
    private let key = KeySecret.random().hash
    private let holder = KeyHolder(actor: .key(1), scopes: [.readCredits])
    private let now = ContinuousClock.now

    @Test func `is out of date once keys were made or revoked here`() {
        var cache = KeyCache()
        cache.note(holder, of: key, rest: nil, cache.question(at: now))
        #expect(cache.answer(for: key, at: now) == .live(holder))

        cache.forget()

        #expect(cache.answer(for: key, at: now) == .outOfDate)
        cache.note(holder, of: key, rest: nil, cache.question(at: now))
        #expect(cache.answer(for: key, at: now) == .live(holder))
    }

    /// The key may have been revoked, or made, after the database had looked.
    @Test(arguments: [true, false])
    func `is not what was asked before, and answered afterwards`(isLive: Bool) {
        var cache = KeyCache()
        let question = cache.question(at: now)
        cache.forget()
        cache.note(isLive ? holder : nil, of: key, rest: nil, question)
        cache.note(isConfigured: false, question)
        #expect(cache.answer(for: key, at: now) == .notAsked)
        #expect(cache.isConfigured(at: now) == nil)
    }
}
