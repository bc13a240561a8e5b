import Ledger
import Logging
import Postgres

/// Nothing is served before the tables are as this version needs them.
struct SchemaGate {
    let migrator: SchemaMigrator
    let logger: Logger

    /// Brings the tables up to date where that is allowed; says what is missing where it is not.
    func pass(mayApply: Bool) async throws {
        let missing = try await migrator.missingParts()
        guard !missing.isEmpty else { return }
        guard mayApply else { throw Self.refusal(missing) }
        logger.notice(
            "bringing the tables up to date",
            metadata: ["missing": .stringConvertible(missing.count)])
        logger.debug("missing", metadata: ["parts": .array(missing.map { .string($0) })])
        try await apply()
        let left = try await migrator.missingParts()
        guard left.isEmpty else {
            throw ProgramFailure(
                .schema,
                (["schema.sql was applied, and the tables still are not what is needed:"]
                    + left.map { "  \($0)" }).joined(separator: "\n"))
        }
    }

    /// Applies schema.sql; a refusal (a negative balance, for instance) is the user's to mend.
    func apply() async throws {
        do {
            try await migrator.apply()
        } catch {
            guard case .server(let message) = error else { throw error }
            // The script's own words name the users that are in the way.
            let words = [message.message, message.detail, message.hint].compactMap { $0 }
            throw ProgramFailure(
                .schema,
                (["the tables were left as they are:"] + words.map { "  \($0)" })
                    .joined(separator: "\n"))
        }
    }

    private static func refusal(_ missing: [String]) -> ProgramFailure {
        let parts = missing.map { "  \($0)\n" }.joined()
        return ProgramFailure(
            .schema,
            "AUTO_MIGRATE is off, and the database is not up to date:\n\(parts)"
                + "Run `credits migrate`, or set AUTO_MIGRATE=on.")
    }
}
