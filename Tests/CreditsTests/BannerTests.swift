import Testing

@testable import credits

struct BannerTests {
    private func banner(
        host: String = "127.0.0.1", database: Banner.Database = .given("postgresql://app@db/shop"),
        hasDemoUsers: Bool = false, hasKeys: Bool = true
    ) -> Banner {
        Banner(
            version: "1.2.3", host: host, port: 9000, database: database,
            hasDemoUsers: hasDemoUsers, hasKeys: hasKeys)
    }

    @Test func `it names the addresses and a first thing to try`() {
        #expect(
            banner().text == """

                Credits 1.2.3 is ready.

                  API       http://localhost:9000/api/credits/1
                  Docs      http://localhost:9000/docs
                  Database  postgresql://app@db/shop

                  Try       curl -H "Authorization: Bearer YOUR_KEY" \
                http://localhost:9000/api/credits/1


                """)
    }

    @Test func `a new private database is shown with the way in and its users`() {
        let text = banner(
            database: .ownCluster(folder: "/data", connection: "host=/s dbname=credits"),
            hasDemoUsers: true, hasKeys: false
        ).text
        #expect(text.contains("Database  private PostgreSQL in /data\n"))
        #expect(text.contains("psql \"host=/s dbname=credits\""))
        #expect(text.contains("Users 1, 2 and 3"))
        #expect(text.contains("ADMIN_TOKEN is not set"))
    }

    @Test(arguments: [
        ("127.0.0.1", "http://localhost:9000"), ("0.0.0.0", "http://localhost:9000"),
        ("::", "http://localhost:9000"), ("::1", "http://localhost:9000"),
        ("192.168.0.7", "http://192.168.0.7:9000"), ("fd00::7", "http://[fd00::7]:9000"),
        ("[fd00::7]", "http://[fd00::7]:9000"),
        ("credits.example.com", "http://credits.example.com:9000"),
    ])
    func `an address is one that a client can use`(host: String, base: String) {
        #expect(banner(host: host).base == base)
    }
}
