package import HTTP

/// How fast bytes have to move: all of them within `grace`, plus one second for every
/// `bytesPerSecond` of them that have moved already.
package struct Pace: Sendable {
    package var grace: Duration
    package var bytesPerSecond: Int

    package init(grace: Duration, bytesPerSecond: Int) {
        precondition(bytesPerSecond > 0, "a pace needs a positive rate")
        self.grace = grace
        self.bytesPerSecond = bytesPerSecond
    }

    /// How long the transfer may take in all, when `bytes` have moved.
    func allowance(for bytes: Int) -> Duration {
        grace + .milliseconds(bytes * 1000 / bytesPerSecond)
    }
}

/// A limit on everything that a client can make the server keep or wait for.
package struct ServerLimits: Sendable {
    /// Open at once. An idle one costs about 2 KiB here and 4 KiB in the kernel.
    package var connections = 8192
    /// Open at once from one address (IPv6: from one /64, which is what one customer gets). A
    /// reverse proxy is one address too, and keeps some hundreds open.
    package var connectionsPerAddress = 2048
    /// Connections over the limits that are being told so at once; more are closed without a word.
    package var refusals = 64
    /// Connections that the kernel accepts for us while we are busy. It takes no more than
    /// net.core.somaxconn, 4096 by default.
    package var backlog = 1024
    /// How long accepting rests when there is no descriptor left: long enough not to spin, short
    /// enough to go unnoticed when a connection has ended.
    package var acceptPause = Duration.milliseconds(100)

    /// From a request's first byte to the end of its head.
    package var headDeadline = Duration.seconds(10)
    /// A body comes at least this fast. A slow phone manages ten times as much.
    package var bodyPace = Pace(grace: .seconds(10), bytesPerSecond: 1024)
    /// Before a request. Longer than the 60 s after which proxies close their side, so that they
    /// never send a request into a connection that we are closing. For a first request it is no
    /// shorter: browsers connect ahead, and an attacker would just send a first one.
    package var idleDeadline = Duration.seconds(75)
    /// A client takes its answers at least this fast.
    package var writePace = Pace(grace: .seconds(10), bytesPerSecond: 1024)
    /// Bodies that are arriving together, those up to 16 KiB left out: 32 of the longest, a quarter
    /// of them from one address. Without it the connections of one could make us keep 4 GiB.
    package var largeBodyBytes = 64 * 1024 * 1024
    /// Bytes of its answers that the kernel keeps for a client beyond what the network takes. A
    /// client that asks and does not read would otherwise pin 4 MiB (the default of net.ipv4.
    /// tcp_wmem); more than this makes no client faster that reads (tcp(7), TCP_NOTSENT_LOWAT).
    package var unsentBytes = 128 * 1024
    /// How long a client may leave bytes unacknowledged or take none, also after we have closed:
    /// the kernel alone would keep them for minutes (tcp(7), TCP_USER_TIMEOUT). Above the grace of
    /// `writePace`: a phone may lose its network for so long.
    package var acknowledgeDeadline = Duration.seconds(30)

    /// How long, and how many bytes of it, a client may go on sending after its last answer.
    /// Closing at once would reset the connection, and the client would never read why it was
    /// refused.
    package var lingerDeadline = Duration.seconds(3)
    package var lingerBytes = 64 * 1024 * 1024
    /// How long a connection that idles when draining begins may still bring a request: one may be
    /// on its way already. A round trip around the world.
    package var drainGrace = Duration.milliseconds(250)
    /// How long `drain()` waits for answers. Less than the 30 s after which Kubernetes kills.
    package var drainDeadline = Duration.seconds(20)

    package var message = MessageLimits()

    package init() {}

    /// Those of a client that is only told that it is one too many: its place is wanted soon.
    var ofRefused: ServerLimits {
        var limits = self
        limits.idleDeadline = min(idleDeadline, lingerDeadline)
        limits.headDeadline = min(headDeadline, lingerDeadline)
        return limits
    }
}
