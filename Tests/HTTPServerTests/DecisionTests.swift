import Testing

@testable import HTTPServer

/// What the server decides without a socket.
struct DecisionTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (1_795_332_000, "Sun, 22 Nov 2026 07:20:00 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func `a date is an IMF-fixdate`(second: Int, text: String) {
        var date = HTTPDate()
        let bytes = Array(text.utf8)
        #expect(date.bytes(at: second) == bytes)
        #expect(date.bytes(at: second) == bytes)
        #expect(date.bytes(at: second + 1) != bytes)
    }

    private enum Turn: Sendable {
        case waits(Wait, exchange: Int, bytes: Int, at: Int)
        case expect(Int?)
    }

    /// Times in seconds; the limits are 10 for a head, 75 idle, 10 + bytes/1000 for the paces.
    private static let deadlines: [(String, [Turn])] = [
        ("a first request may be as late as any", [.expect(75)]),
        (
            "bytes of a head buy no time",
            [
                .waits(.head, exchange: 1, bytes: 1, at: 20), .expect(30),
                .waits(.head, exchange: 1, bytes: 2, at: 29), .expect(30),
            ]
        ),
        (
            "the next head has its own time",
            [
                .waits(.head, exchange: 1, bytes: 1, at: 20),
                .waits(.head, exchange: 2, bytes: 2, at: 25), .expect(35),
            ]
        ),
        (
            "bytes of a body buy time at its pace",
            [
                .waits(.body, exchange: 0, bytes: 5000, at: 20), .expect(30),
                .waits(.body, exchange: 0, bytes: 9000, at: 28), .expect(34),
            ]
        ),
        (
            "a handler has no deadline, and the idling after it has",
            [
                .waits(.handler, exchange: 1, bytes: 1, at: 20), .expect(nil),
                .waits(.request, exchange: 1, bytes: 2, at: 50), .expect(125),
            ]
        ),
        (
            "a reader is waited for at its pace",
            [
                .waits(.reader, exchange: 1, bytes: 0, at: 20), .expect(30),
                .waits(.reader, exchange: 1, bytes: 3000, at: 29), .expect(33),
            ]
        ),
    ]

    @Test(arguments: deadlines)
    private func `a deadline stands from the moment a wait begins`(
        name: String, turns: [Turn]
    ) {
        var limits = ServerLimits()
        limits.headDeadline = .seconds(10)
        limits.idleDeadline = .seconds(75)
        limits.bodyPace = Pace(grace: .seconds(10), bytesPerSecond: 1000)
        limits.writePace = limits.bodyPace
        let start = ContinuousClock.now
        var deadline = ConnectionDeadline(limits: limits, now: start)
        for turn in turns {
            switch turn {
            case .waits(let wait, let exchange, let bytes, let second):
                deadline.waits(
                    for: wait, exchange: exchange, bytes: bytes, now: start + .seconds(second))
            case .expect(let second):
                #expect(deadline.instant == second.map { start + .seconds($0) }, "\(name)")
            }
        }
    }

    @Test
    func `admission counts all, and each address`() {
        var limits = ServerLimits()
        limits.connections = 3
        limits.connectionsPerAddress = 2
        limits.refusals = 1
        var admission = Admission(limits: limits)
        let (ann, ben, cat) = (
            AddressKey(host: [10, 0, 0, 1]), AddressKey(host: [10, 0, 0, 2]),
            AddressKey(host: [10, 0, 0, 3])
        )
        #expect(admission.arrived(from: ann) == .admitted(ann))
        #expect(admission.arrived(from: ann) == .admitted(ann))
        #expect(admission.arrived(from: ann) == .refused)
        #expect(admission.arrived(from: ann) == nil)
        #expect(admission.arrived(from: ben) == .admitted(ben))
        #expect(admission.arrived(from: cat) == nil)
        admission.left(.admitted(ann))
        admission.left(.refused)
        #expect(admission.arrived(from: cat) == .admitted(cat))
        #expect(admission.arrived(from: ann) == .refused)
    }

    @Test
    func `the addresses of one IPv6 customer count as one`() {
        let first = AddressKey(
            host: [0x20, 1, 0xD, 0xB8, 0, 0, 0, 1] + Array(repeating: 1, count: 8))
        let second = AddressKey(
            host: [0x20, 1, 0xD, 0xB8, 0, 0, 0, 1] + Array(repeating: 2, count: 8))
        let other = AddressKey(
            host: [0x20, 1, 0xD, 0xB8, 0, 0, 0, 2] + Array(repeating: 1, count: 8))
        #expect(first == second)
        #expect(first != other)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", 4), ("::1", "::1", 16), ("::ffff:10.1.2.3", "10.1.2.3", 4),
        ("2001:db8::7", "2001:db8::7", 16),
    ])
    func `an address is told as its client would write it`(
        host: String, text: String, bytes: Int
    ) async throws {
        let address = try #require(await NameResolution.addresses(of: host, port: 80).first)
        #expect(address.hostText == text)
        #expect(address.host.count == bytes)
        #expect(address.port == 80)
    }
}
