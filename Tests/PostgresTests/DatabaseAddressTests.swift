import Testing

@testable import Postgres

@Suite("DatabaseAddress") struct DatabaseAddressTests {
    struct Spelling: CustomTestStringConvertible {
        let text: String
        let conninfo: String
        var warnings = 0
        var testDescription: String { text }
    }

    @Test(arguments: [
        Spelling(
            text: "postgresql://ann:secret@db.example:6432/credits",
            conninfo: "user=ann password=secret dbname=credits host=db.example port=6432"),
        Spelling(text: "postgres://db/credits", conninfo: "dbname=credits host=db"),
        Spelling(
            text: "postgresql+psycopg://ann:secret@db/credits",
            conninfo: "user=ann password=secret dbname=credits host=db"),
        Spelling(text: "postgresql+psycopg2://db/credits", conninfo: "dbname=credits host=db"),
        Spelling(text: "postgresql+asyncpg://db/credits", conninfo: "dbname=credits host=db"),
        Spelling(text: "postgresql+pg8000://db/credits", conninfo: "dbname=credits host=db"),
        Spelling(text: "POSTGRES://db/credits", conninfo: "dbname=credits host=db"),
        Spelling(
            text: "jdbc:postgresql://db/credits?user=ann&password=secret",
            conninfo: "user=ann password=secret dbname=credits host=db"),
        Spelling(text: "  postgres://db/credits\n", conninfo: "dbname=credits host=db"),
        Spelling(
            text: "postgres://ann:p%40ss%2Fw%C3%B6rd%25%27%20x@db/credits",
            conninfo: #"user=ann password='p@ss/wörd%\' x' dbname=credits host=db"#),
        Spelling(
            text: "postgres://ann:is?this@db/credits",
            conninfo: "user=ann password=is?this dbname=credits host=db"),
        Spelling(
            text: "postgres://a:1,b:2,[::1]:3/credits?target_session_attrs=read-write",
            conninfo: "dbname=credits host=a,b,::1 port=1,2,3 target_session_attrs=read-write"),
        Spelling(
            text: "postgresql+psycopg://ann@/credits?host=a:1&host=b",
            conninfo: "user=ann dbname=credits host=a,b port=1,5432"),
        Spelling(
            text: "postgresql:///credits?host=/run/postgresql&port=5433",
            conninfo: "dbname=credits host=/run/postgresql port=5433"),
        Spelling(
            text: "postgresql://%2Frun%2Fpostgresql/credits",
            conninfo: "dbname=credits host=/run/postgresql"),
        Spelling(
            text: "host=/run/postgresql dbname='my credits' user=ann password='it\\'s'",
            conninfo: #"user=ann password='it\'s' dbname='my credits' host=/run/postgresql"#),
        Spelling(text: "postgres://db/c?ssl=true", conninfo: "dbname=c host=db sslmode=require"),
        Spelling(
            text: "postgres://db/c?ssl=require", conninfo: "dbname=c host=db sslmode=require"),
        Spelling(text: "postgres://db/c?ssl=off", conninfo: "dbname=c host=db sslmode=disable"),
        Spelling(
            text: "postgres://db/c?ssl=verify-full",
            conninfo: "dbname=c host=db sslmode=verify-full"),
        Spelling(
            text: "postgres://db/c?sslmode=verify-full&ssl=true",
            conninfo: "dbname=c host=db sslmode=verify-full"),
        Spelling(
            text: "postgres://db/c?sslmode=no-verify",
            conninfo: "dbname=c host=db sslmode=require"),
        Spelling(
            text:
                "postgres://ann:s@ep-1-pooler.neon.tech/c?sslmode=require&channel_binding=require",
            conninfo: "user=ann password=s channel_binding=require dbname=c "
                + "host=ep-1-pooler.neon.tech sslmode=require"),
        Spelling(
            text: "postgres://db/c?pgbouncer=true&connection_limit=5&schema=public",
            conninfo: "dbname=c host=db", warnings: 3),
        Spelling(
            text: "postgresql+asyncpg://db/c?prepared_statement_cache_size=0&pool_timeout=1"
                + "&statement_cache_size=0&prepare_threshold=0",
            conninfo: "dbname=c host=db", warnings: 4),
        Spelling(
            text: "postgres://db/c?options=-csearch_path%3Dx",
            conninfo: "dbname=c host=db options=-csearch_path=x", warnings: 1),
    ])
    func `reads every usual spelling`(_ spelling: Spelling) throws {
        let address = try DatabaseAddress(spelling.text)
        #expect(sorted(address.conninfo) == sorted(spelling.conninfo))
        #expect(address.warnings.count == spelling.warnings)
        // What it makes of an address is an address itself.
        #expect(try DatabaseAddress(address.conninfo).conninfo == address.conninfo)
    }

    /// libpq lists parameters in an order of its own; only what they say matters.
    private func sorted(_ conninfo: String) -> String {
        String(conninfo.sorted())
    }

    struct Refused: CustomTestStringConvertible {
        let text: String
        let error: DatabaseAddressError
        var testDescription: String { text }
    }

    @Test(arguments: [
        Refused(text: "", error: .empty),
        Refused(text: " \n", error: .empty),
        Refused(text: "credits", error: .unrecognized),
        Refused(text: "sqlite:///./credits.db", error: .foreignScheme("sqlite")),
        Refused(text: "sqlite+aiosqlite:///x.db", error: .foreignScheme("sqlite")),
        Refused(text: "mysql+pymysql://u:p@db/c", error: .foreignScheme("mysql")),
        Refused(text: "jdbc:mysql://db/c", error: .foreignScheme("mysql")),
        Refused(text: "postgres://db/c?sslmod=require", error: .unknownKey("sslmod")),
        Refused(text: "postgres://db/c?sslmode=maybe", error: .badValue(key: "sslmode")),
        Refused(text: "postgres://db/c?ssl=maybe", error: .badValue(key: "ssl")),
        Refused(text: "postgres://db:port/c", error: .badValue(key: "port")),
        Refused(text: "postgres://db:70000/c", error: .badValue(key: "port")),
        Refused(text: "host=a,b port=5432,0", error: .badValue(key: "port")),
        Refused(text: "postgres://u:pa%ss@db/c", error: .badPercentEncoding),
        Refused(text: "postgres://u:pa%00ss@db/c", error: .badPercentEncoding),
        Refused(text: "postgres://u:p@ss@db/c", error: .strayAtSign),
        Refused(text: "postgres://a:1,b:2,c/c?hostaddr=1.2.3.4", error: .hostAndPortCountsDiffer),
        Refused(text: "host=a,b port=1,2,3", error: .hostAndPortCountsDiffer),
        Refused(text: "host=db password=my secret word", error: .malformed),
        Refused(text: "host=db password=my secret=word", error: .malformed),
        Refused(text: "postgres://u:secret@[::1/c", error: .malformed),
        Refused(text: "postgres://db/c?x", error: .malformed),
    ])
    func `refuses what is no database of ours, and repeats no secret`(_ refused: Refused) {
        let error = #expect(throws: DatabaseAddressError.self) {
            try DatabaseAddress(refused.text)
        }
        #expect(error == refused.error)
        #expect(error.map { "\($0)" }?.contains("secret") == false)
    }

    @Test func `names what a newer libpq would be needed for`() {
        #expect(throws: DatabaseAddressError.self) {
            try DatabaseAddress("postgres://db/c?oauth_scope=x")
        }
    }

    @Test func `shows no password when printed`() throws {
        let address = try DatabaseAddress(
            "postgres://ann:hunter2@db:6432/credits?sslpassword=hunter2")
        var dumped = ""
        dump(address, to: &dumped)
        for text in ["\(address)", String(reflecting: address), dumped, address.redacted] {
            #expect(!text.contains("hunter2"))
        }
        #expect(address.redacted == "user=ann dbname=credits host=db port=6432")
    }

    @Test func `tries several hosts in their order, each with its port`() throws {
        let address = try DatabaseAddress("postgres://a:1,b:2/c")
        #expect(address.candidates.map(\.host) == ["a", "b"])
        #expect(address.candidates.map(\.port) == ["1", "2"])
    }

    @Test func `asks every host for a standby before it takes any`() throws {
        let address = try DatabaseAddress(
            "postgres://a,b/c?target_session_attrs=prefer-standby")
        #expect(address.candidates.map(\.host) == ["a", "b", "a", "b"])
        #expect(
            address.candidates.map(\.sessionAttributes) == ["standby", "standby", "any", "any"])
    }

    @Test func `changes the database and nothing else`() throws {
        let address = try DatabaseAddress("postgres://ann:secret@db/credits")
        #expect(address.withDatabase("other").database == "other")
        #expect(address.withDatabase("credits").conninfo.contains("password=secret"))
    }
}
