import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `The administrator's token` {
    @Test(
        arguments: [
            ([:], 401, "authentication-required"),
            (["Authorization": "Basic czNjcmV0"], 401, "authentication-required"),
            (["Authorization": "Bearer"], 401, "authentication-required"),
            (["Authorization": "Bearer s3cret token"], 503, "unavailable"),
            (["Authorization": "bearer   s3cret token"], 503, "unavailable"),
            (["X-API-Key": "s3cret token"], 503, "unavailable"),
            (["X-Admin-Token": "s3cret token"], 503, "unavailable"),
            (["X-Admin-Token": "S3cret token"], 401, "invalid-key"),
            (["X-Admin-Token": ""], 401, "invalid-key"),
            (["X-Admin-Token": "s3cret tokens3cret token"], 401, "invalid-key"),
            (["Authorization": "Bearer s3cret toke"], 401, "invalid-key"),
            (
                ["Authorization": "Bearer wrong", "X-Admin-Token": "s3cret token"], 503,
                "unavailable"
            ),
        ] as [(Fields, Int, String)])
    func `is asked for and compared before the database is`(
        fields: Fields, status: Int, problem: String
    ) async throws {
        let settings = APISettings(
            version: "1", isLoopbackOnly: true, adminToken: "s3cret token")
        try await withAPIWithoutDatabase(settings) { api in
            let response = try await api.ask("GET /api/users", nil, fields)
            #expect(response.status.code == status)
            #expect(response.problem == problem)
            #expect(response.fields.contains("WWW-Authenticate") == (status == 401))
        }
    }

    @Test func `is never printed`() {
        let settings = APISettings(version: "1", isLoopbackOnly: true, adminToken: "s3cret token")
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("<hidden>"))
        }
    }

    @Test func `that is empty guards nothing, and is none`() {
        let settings = APISettings(version: "1", isLoopbackOnly: true, adminToken: "")
        #expect(!settings.hasKeys)
    }
}

struct `A rate limiter` {
    @Test func `gives as many as its rate at once, and one more after each spacing`() throws {
        let clock = SetClock()
        let rate = try #require(Rate(3, per: .minute))
        let limiter = RateLimiter(rate, now: clock.now)
        for _ in 1...3 { #expect(limiter.take("a") == nil) }
        #expect(limiter.wait(for: "a") == .seconds(20))
        #expect(limiter.take("a") == .seconds(20))
        #expect(limiter.take("b") == nil)
        clock.advance(by: .seconds(19))
        #expect(limiter.take("a") == .seconds(1))
        clock.advance(by: .seconds(1))
        #expect(limiter.take("a") == nil)
        #expect(limiter.take("a") == .seconds(20))
        clock.advance(by: .seconds(600))
        for _ in 1...3 { #expect(limiter.take("a") == nil) }
        #expect(limiter.take("a") != nil)
    }

    @Test func `holds no more names than its capacity`() throws {
        let clock = SetClock()
        let limiter = RateLimiter(try #require(Rate(1, per: .hour)), now: clock.now)
        for number in 0..<RateLimiter.capacity { #expect(limiter.take("\(number)") == nil) }
        // The newcomers share what is left.
        #expect(limiter.take("x") == nil)
        #expect(limiter.take("y") != nil)
        clock.advance(by: .seconds(3600))
        #expect(limiter.take("y") == nil)
        #expect(limiter.take("0") == nil)
    }

    /// To look through the table for each newcomer would take 65,536 times as long.
    @Test func `looks through a full table once a second`() throws {
        let clock = SetClock()
        let limiter = RateLimiter(try #require(Rate(1, per: .second)), now: clock.now)
        for number in 0..<RateLimiter.capacity { #expect(limiter.take("\(number)") == nil) }
        clock.advance(by: .milliseconds(500))
        #expect(limiter.take("x") == nil)
        clock.advance(by: .milliseconds(500))
        // There is room now, and it was looked for a moment ago.
        #expect(limiter.take("y") != nil)
        clock.advance(by: .seconds(1))
        #expect(limiter.take("y") == nil)
        #expect(limiter.take("z") == nil)
    }
}

struct `An address` {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("", ""), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("fe80::1%eth0", "fe80:0:0:0"),
        ("2001:db8:1:2::", "2001:db8:1:2"),
    ])
    func `of IPv6 counts by its network`(peer: String, name: String) {
        #expect(AddressName.of(peer) == name)
    }
}
