import CreditsAPI
import Ledger
import Postgres

/// The settings, all of them. From these rows come reading and checking, the flags and their help,
/// `credits config` and `.env.example`.
enum SettingsTable {
    static let all = SettingsSection.allCases.flatMap { rows(in: $0) }

    static func rows(in section: SettingsSection) -> [Setting] { sections[section, default: []] }

    private static let sections: [SettingsSection: [Setting]] = [
        .server: server, .database: database, .credits: credits, .logging: logging,
        .httpLimits: serverLimits + messageLimits,
        .limits: connectionLimits + stopLimits + ledgerLimits,
    ]

    @SettingRows private static var server: [Setting] {
        Setting(
            "HOST", \.host, .host,
            "Address to listen on; any other than a loopback address needs a key.")
        Setting("PORT", \.port, .port, "Port to listen on; 0 takes a free one.")
        Setting(
            "PORT_FILE", \.portFile, .optional(.path),
            "File that gets the port's number once the server is ready, for scripts with PORT=0.")
        Setting(
            "ADMIN_TOKEN", \.adminToken, .optional(.token),
            "The first key, with every scope: sent as `Authorization: Bearer ...` or `X-API-Key`.",
            disclosure: .hidden)
        Setting(
            "ALLOWED_HOSTS", \.allowedHosts, .hosts,
            "Names besides localhost that a server on loopback answers to, separated by commas.")
        Setting(
            "ANONYMOUS_SCOPES", \.anonymousScopes, .scopes,
            "Scopes of calls without a key where there are keys, such as credits:read, "
                + "separated by commas.")
        Setting(
            "CORS_ALLOWED_ORIGINS", \.allowedOrigins, .origins,
            "Other sites whose pages may call the API: https://example.com, separated by commas.")
        Setting(
            "RATE_LIMIT_PER_ADDRESS", \.addressRate, .rate,
            "Calls from one address, as 600/m or 9/s; off, or auto: \(RateChoice.usualWords).")
        Setting(
            "RATE_LIMIT_PER_KEY", \.keyRate, .rate,
            "Calls with one key, as 600/m or 9/s; off, or auto: \(RateChoice.usualWords).")
        Setting(
            "RATE_LIMIT_BAD_KEYS", \.badKeyRate, .rate,
            "Keys not in force that one address may show before it gets 429; off, or auto: 10/m.")
        Setting(
            "SWAGGER_UI_DIR", \.swaggerUIDirectory, .path,
            "Folder with Swagger UI's files for /docs; without them /docs is a page of our own.")
        Setting(
            "SHUTDOWN_DELAY", \.shutdownDelay, .duration(.zero ... .seconds(300)),
            "Time between not ready and the first refused connection, for load balancers.")
    }

    @SettingRows private static var database: [Setting] {
        Setting(
            "DATABASE_URL", \.databaseURL, .optional(.databaseURL),
            "PostgreSQL to work on, SQLAlchemy's spelling too; not set: a private one in DATA_DIR.",
            disclosure: .redacted(DatabaseDisclosure.redacted))
        Setting(
            "DATA_DIR", \.dataDirectory, .path,
            "Folder of the private PostgreSQL, used when DATABASE_URL is not set.")
        Setting(
            "DATABASE_POOL_SIZE", \.pool.size, .integer(1...1000),
            "Connections at most, and one for raw SQL: by default writes need 3, reads 2, "
                + "and all else 1.")
        Setting(
            "AUTO_MIGRATE", \.autoMigrate, .toggle,
            "Whether to bring the tables up to date at start; off: say what is missing and stop.")
        Setting(
            "DATABASE_WAIT", \.databaseWait, .duration(.zero ... .seconds(3600)),
            "How long to wait at start for a database that does not answer yet.")
    }

    @SettingRows private static var credits: [Setting] {
        Setting(
            "DAILY_GRANT_AMOUNT", \.ledger.grants.amount, .grantAmount,
            "Credits that every user gets at midnight UTC, from the next day on; 0: none.")
        Setting(
            "GRANT_CATCH_UP", \.ledger.grants.catchUp, .catchUp,
            "Which missed days are granted afterwards: all, none, or so many days before today.")
    }

    @SettingRows private static var logging: [Setting] {
        Setting(
            "LOG_LEVEL", \.logLevel, .choice,
            "Least events logged: trace, debug, info, notice, warning, error, critical.")
        Setting(
            "LOG_FORMAT", \.logFormat, .choice,
            "Look of the log: pretty, json, or auto: pretty on a terminal, else JSON lines.")
    }
}
