/// The ledger's limits, each with the reason for its default.
package struct LedgerSettings: Sendable {
    /// Serial writers, each with one connection; users are hashed to them. While one waits for its
    /// commit to reach the disk, the other one's batch is at work; more only make the batches
    /// smaller.
    package var writeLanes = 2
    /// Commands a batch: enough to share one commit widely, few enough to hold locks briefly.
    package var batchSize = 512
    /// Commands that may wait for one lane: about a quarter of a second's work. What comes beyond
    /// is refused at once, so that a client can go elsewhere instead of waiting in vain.
    package var queueDepth = 8192
    /// Tries of a batch that meets deadlocks or other instances' writes.
    package var attempts = 8
    /// How long to ask whether a commit happened after its connection was lost.
    package var outcomeDeadline = Duration.seconds(10)

    package init() {}
}
