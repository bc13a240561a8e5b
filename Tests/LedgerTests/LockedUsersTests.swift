import Synchronization
import Testing

@testable import Ledger

@Suite("Users whose rows somebody has locked")
struct LockedUsersTests {
    @Test func `who was met locked is known until his write gets through, or for a minute`()
        async throws
    {
        let seconds = Atomic<Int>(0)
        let start = ContinuousClock.now
        let locked = LockedUsers { start + .seconds(seconds.load(ordering: .relaxed)) }
        let (first, second) = (try request(1), try request(2))
        #expect(!locked.areSome)

        await locked.add(first.users.union(second.users))
        #expect(await locked.concern(first))
        await locked.remove(second)
        #expect(await !locked.concern(second))

        seconds.store(59, ordering: .relaxed)
        #expect(await locked.concern(first))
        seconds.store(75, ordering: .relaxed)
        #expect(await !locked.concern(first))
        #expect(!locked.areSome)
    }

    private func request(_ id: Int64) throws -> WriteRequest {
        WriteRequest(Command(user: try #require(UserID(id)), change: .reset))
    }
}
