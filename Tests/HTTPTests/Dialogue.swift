import HTTP

/// A connection spoken to: each sentence is an event, and what it returns are the steps that
/// follow.
struct Dialogue: ~Copyable {
    var connection: ServerConnection
    static let date = "Sun, 22 Nov 2026 07:18:29 GMT"

    /// What was written for the client by the last answer.
    var output = ""
    /// What is to be judged is turned away.
    private let turnsAway: Bool

    init(limits: MessageLimits = .tight, turnsAway: Bool = false, isOneTooMany: Bool = false) {
        connection = ServerConnection(
            limits: limits, peer: "192.0.2.7", isOneTooMany: isOneTooMany)
        self.turnsAway = turnsAway
    }

    mutating func hears(_ text: String) -> [String] {
        hears([Array(text.utf8)[...]])
    }

    mutating func hears(_ pieces: [ArraySlice<UInt8>]) -> [String] {
        var heard: [String] = []
        for piece in pieces {
            connection.received(Array(piece).span)
            heard += steps()
        }
        return heard
    }

    mutating func peerCloses() -> [String] {
        connection.peerClosed()
        return steps()
    }

    mutating func timesOut() -> [String] {
        connection.timedOut()
        return steps()
    }

    mutating func lacksRoom() -> [String] {
        connection.bodyHasNoRoom()
        return steps()
    }

    mutating func drains() -> [String] {
        connection.drain()
        return steps()
    }

    mutating func answers(_ response: Response = Response(status: .ok)) -> [String] {
        var bytes: [UInt8] = []
        connection.complete(with: response, date: Array(Self.date.utf8), into: &bytes)
        output = String(decoding: bytes, as: UTF8.self)
        return steps()
    }

    /// The steps up to the one that asks for an event.
    mutating func steps() -> [String] {
        var steps: [String] = []
        while true {
            switch connection.nextStep() {
            case .read: return steps + ["read"]
            case .wait: return steps + ["wait"]
            case .close: return steps + ["close"]
            case .sendContinue: steps.append("continue")
            case .judge(let request) where turnsAway:
                steps.append("turn \(request.target.raw) away")
                connection.turnAway()
            case .judge: connection.admit()
            case .deliver(let request):
                let body = String(decoding: request.body, as: UTF8.self)
                steps.append("\(request.method) \(request.target.raw) \(body)".trimmed)
            case .refuse(let error, let head):
                steps.append("refuse \(error) \(head?.target.raw ?? "")".trimmed)
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
