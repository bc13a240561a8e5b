import FoundationEssentials
import Ledger

/// What `credits verify` says it found.
struct VerifyReport {
    private(set) var discrepancies: [Discrepancy] = []
    private var entries: Int64 = 0
    private var users: Int64 = 0
    private var duration = Duration.zero

    var isClean: Bool { discrepancies.isEmpty }

    mutating func add(_ found: [Discrepancy]) {
        discrepancies += found
    }

    mutating func finish(_ looked: LedgerVerifier.Progress, after duration: Duration) {
        (entries, users) = (looked.entries, looked.users)
        self.duration = duration
    }

    var text: String {
        let lines = discrepancies.map { "\($0)\n" }.joined()
        let verdict = isClean ? "all add up" : "\(Self.users(discrepancies.count)) do not add up"
        return lines
            + "\(entries) entries of \(Self.users(users)), in \(duration.tenths) s: \(verdict).\n"
    }

    private static func users(_ count: some BinaryInteger) -> String {
        count == 1 ? "1 user" : "\(count) users"
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let document = Document(
            is_consistent: isClean, entries: entries, users: users,
            duration_ms: Int64(duration / .milliseconds(1)),
            discrepancies: discrepancies.map(Document.Row.init))
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    /// Spelt as the API spells its members.
    private struct Document: Encodable {
        struct Row: Encodable {
            let user_id: Int64
            let problem: String
            let detail: String

            init(_ discrepancy: Discrepancy) {
                user_id = discrepancy.user
                problem = discrepancy.finding.slug
                detail = "\(discrepancy.finding)"
            }
        }

        let is_consistent: Bool
        let entries: Int64
        let users: Int64
        let duration_ms: Int64
        let discrepancies: [Row]
    }
}

extension Discrepancy.Finding {
    /// The finding's name for a program.
    fileprivate var slug: String {
        switch self {
        case .entryDoesNotFollow: "entry-does-not-follow"
        case .entryOutOfBounds: "entry-out-of-bounds"
        case .timeGoesBack: "time-goes-back"
        case .balanceDiffers: "balance-differs"
        case .balanceOutOfBounds: "balance-out-of-bounds"
        case .wrongLastEntry: "wrong-last-entry"
        case .balanceMissing: "balance-missing"
        case .namedEntryMissing: "named-entry-missing"
        case .namedEntryDiffers: "named-entry-differs"
        case .undoneBefore: "undone-before"
        }
    }
}

extension Duration {
    fileprivate var tenths: String {
        let tenths = Int64(self / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
