import CreditsAPI
import HTTPServer
import Ledger
import Logging
import Postgres

/// Everything that can be set. The initial values are the defaults; limits have theirs, each with
/// its reason, where the limit is declared.
struct Settings: Sendable {
    // Server
    var host = "127.0.0.1"
    var port = 8000
    var portFile: String?
    var adminToken: String?
    var allowedHosts: [String] = []
    var allowedOrigins: [String] = []
    var anonymousScopes: Set<Scope> = []
    var addressRate = RateChoice.usual
    var keyRate = RateChoice.usual
    var badKeyRate = RateChoice.limited(.ofBadKeys)
    var swaggerUIDirectory = ".build/swagger-ui"
    var shutdownDelay = Duration.zero

    // Database
    var databaseURL: String?
    var dataDirectory = "./data"
    var autoMigrate = true
    /// Long enough for a database that starts beside us or fails over.
    var databaseWait = Duration.seconds(60)
    /// With `ServerLimits.drainDeadline` less than the 30 s after which Kubernetes kills.
    var databaseCloseDeadline = Duration.seconds(5)
    var pool = PoolSettings()

    // Logging
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.auto

    // Limits
    var server = ServerLimits()
    var ledger = LedgerSettings()
    var schemaChanges = SchemaChangeSettings()
}
