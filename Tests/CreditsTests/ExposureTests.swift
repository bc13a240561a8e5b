import HTTP
import HTTPServer
import Ledger
import Postgres
import Testing

@testable import credits

struct ExposureTests {
    @Test(arguments: [
        "127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "::1", "[::1]", "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1",
    ])
    func `only this machine reaches a loopback address`(host: String) {
        #expect(Exposure(host: host) == .loopback)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "[::]", "192.168.0.1", "128.0.0.1", "127.0.0.1.example.com", "127.1",
        "localhost.example.com", "db", "::ffff:10.0.0.1", "fe80::1%eth0", "",
    ])
    func `everything else counts as reachable from outside`(host: String) {
        #expect(Exposure(host: host) == .network)
    }

    @Test func `an address that others reach needs a key`() throws {
        var settings = Settings()
        try settings.checkExposure(hasKeys: false)
        settings.host = "0.0.0.0"
        let failure = #expect(throws: ProgramFailure.self) {
            try settings.checkExposure(hasKeys: false)
        }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains("ADMIN_TOKEN") == true)
        #expect(failure?.description.contains("credits keys create") == true)
        try settings.checkExposure(hasKeys: true)
    }

    @Test func `rates are limited where others can call`() {
        #expect(RateChoice.usual.rate(.loopback) == nil)
        #expect(RateChoice.usual.rate(.network) == RateChoice.usualRate)
        #expect(RateChoice.off.rate(.network) == nil)
    }

    @Test func `a pool that is too small for the writers is refused`() {
        var settings = Settings()
        settings.pool.size = 2
        let failure = #expect(throws: ProgramFailure.self) { try settings.check() }
        #expect(failure?.description.contains("DATABASE_POOL_SIZE") == true)
    }

    @Test func `a wait for locks that outlasts a statement's deadline is warned of`() {
        var settings = Settings()
        settings.ledger.lockWait = .seconds(30)
        #expect(settings.warnings.count == 1)
        #expect(settings.warnings.first?.contains("LEDGER_LOCK_WAIT") == true)
    }

    @Test func `SQL that fits into no body is warned of, and by default it fits`() {
        var settings = Settings()
        #expect(settings.warnings == [])
        settings.schemaChanges.sqlBytes = settings.server.message.bodyBytes
        #expect(settings.warnings.count == 1)
        #expect(settings.warnings.first?.contains("HTTP_MAX_BODY_SIZE") == true)
    }
}
