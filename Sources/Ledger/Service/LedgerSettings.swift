/// The ledger's limits, each with the reason for its default.
package struct LedgerSettings: Sendable {
    /// Writers, among whom users are divided by their ids. Each has a connection for the long way
    /// and one for each of `writeRounds`. On two cores one with large batches beats several with
    /// smaller ones: from 64 clients 25,600 adds a second against 23,700 with two and 19,000 with
    /// three, from 256 clients 30,500 against 31,300 and 33,200. With more cores, or a slower disk
    /// to wait for, measure again.
    package var writeLanes = 1
    /// Rounds of balance reads that may be under way at once, each on a connection of its own. Two
    /// instead of one serve 4 or 8 clients a quarter faster and 256 a tenth, since the server works
    /// on one while PostgreSQL is at the other; more than two gain nothing on two cores.
    package var readRounds = 2
    /// Rounds of few additions and deductions that a lane may have under way at once, each on a
    /// connection of its own: a few clients need not wait for each other's commits.
    package var writeRounds = 2
    /// Commands a batch: enough to share one commit widely, few enough to hold locks briefly.
    package var batchSize = 512
    /// Commands that may wait for one lane: about a quarter of a second's work. What comes beyond
    /// is refused at once, so that a client can go elsewhere instead of waiting in vain.
    package var queueDepth = 8192
    /// Tries of a batch that meets deadlocks or other instances' writes.
    package var attempts = 8
    /// How long a batch waits for a row that somebody else has locked, before those who need it are
    /// set aside: longer than a commit takes on a busy disk.
    package var lockWait = Duration.milliseconds(500)
    /// How long those wait. Then it is somebody's open transaction, and they are told to
    /// come again.
    package var lockPatience = Duration.seconds(5)
    /// How long to ask whether a commit happened after its connection was lost.
    package var outcomeDeadline = Duration.seconds(10)

    package var grants = DailyGrants.Settings(amount: CreditAmount(5))

    package init() {}
}
