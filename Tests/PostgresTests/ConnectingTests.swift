import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite("Connecting") struct ConnectingTests {
    @Test func `reaches the database over a socket and over TCP`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: nil)
            defer { proxy.close() }
            let byName = try proxy.address(like: address).conninfo
                .replacing("127.0.0.1", with: "localhost")
            try await withEventLoop { loop in
                for place in try [address, proxy.address(like: address), DatabaseAddress(byName)] {
                    try await withConnection(place, on: loop) { connection in
                        let row = try await connection.run(
                            "SELECT current_database(), current_setting('application_name')")[0]
                        let (database, application) = try row.decode(String.self, String.self)
                        #expect(database == address.database)
                        #expect(application == "credits")
                    }
                }
            }
        }
    }

    @Test func `fails with every host's reason`() async throws {
        try await withEventLoop { loop in
            let error = await open("host=/nowhere,/nowhere/else dbname=x", on: loop)
            #expect(error.reason.contains("/nowhere/.s.PGSQL"))
            #expect(error.reason.contains("/nowhere/else/.s.PGSQL"))
        }
    }

    @Test func `goes on to the next host`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let place = address.candidates[0]
            let several = try DatabaseAddress(
                """
                host=/nowhere,name.invalid,\(place.host ?? "") port=1,2,\(place.port ?? "5432")
                user=\(address.user ?? "") dbname=\(address.database ?? "")
                target_session_attrs=read-write
                """)
            try await withEventLoop { loop in
                try await withConnection(several, on: loop) { try await $0.run("SELECT 1") }
            }
        }
    }

    @Test func `to a silent server ends at its deadline`() async throws {
        let server = try SilentServer()
        defer { server.close() }
        try await withEventLoop { loop in
            let begin = ContinuousClock.now
            let error = await open(
                "host=127.0.0.1 port=\(server.port) dbname=x", on: loop,
                timeout: .milliseconds(300))
            let lasted = begin.duration(to: .now)
            #expect(error.kind == "cannotConnect")
            #expect(lasted >= .milliseconds(300))
        }
    }

    @Test func `leaves time for the host behind a silent one`() async throws {
        let server = try SilentServer()
        defer { server.close() }
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: nil)
            defer { proxy.close() }
            let several = try DatabaseAddress(
                """
                host=127.0.0.1,127.0.0.1 port=\(server.port),\(proxy.port) sslmode=disable
                user=\(address.user ?? "") dbname=\(address.database ?? "")
                """)
            try await withEventLoop { loop in
                var settings = ConnectionSettings.patient
                settings.connectTimeout = .seconds(8)
                try await withConnection(several, on: loop, settings: settings) {
                    try await $0.run("SELECT 1")
                }
            }
        }
    }

    @Test func `ends when its task is cancelled`() async throws {
        let server = try SilentServer()
        defer { server.close() }
        try await withEventLoop { loop in
            let task = Task {
                await open("host=localhost port=\(server.port) dbname=x", on: loop)
            }
            task.cancel()
            #expect(await task.value.kind == "cancelled")
        }
    }

    @Test func `says what the server said`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            try await withEventLoop { loop in
                let missing = address.withDatabase("missing").conninfo
                let error = await open(missing, on: loop)
                #expect(error.reason.contains("database \"missing\" does not exist"))
            }
        }
    }

    private func open(
        _ text: String, on loop: EventLoop, timeout: Duration = patience
    ) async -> PostgresError {
        var settings = ConnectionSettings.patient
        settings.connectTimeout = timeout
        let error = await postgresError {
            let connection = try await Connection.open(
                DatabaseAddress(text), on: loop, settings: settings, logger: quietLogger)
            await connection.close()
        }
        return error ?? .poolClosed
    }
}
