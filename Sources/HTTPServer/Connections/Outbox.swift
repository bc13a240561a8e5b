import Reactor

/// What the kernel had no room for. Holds no memory while it is empty.
struct Outbox {
    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { start == bytes.count }

    /// Sends `output`, keeps what was not taken, and returns how many bytes were.
    mutating func send(_ output: [UInt8], on socket: Socket) throws(SystemError) -> Int {
        precondition(isEmpty, "bytes would overtake others")
        let end = try Self.send(output, from: 0, on: socket)
        if end < output.count {
            bytes = Array(output[end...])
            start = 0
        }
        return end
    }

    /// Keeps `output` behind what is left.
    mutating func append(_ output: [UInt8]) {
        bytes.removeSubrange(..<start)
        start = 0
        bytes += output
    }

    /// Sends what is left, and returns how many bytes of it were taken.
    mutating func sendRest(on socket: Socket) throws(SystemError) -> Int {
        let end = try Self.send(bytes, from: start, on: socket)
        let sent = end - start
        start = end
        if isEmpty { self = Outbox() }
        return sent
    }

    /// The index of the first byte that was not taken.
    private static func send(
        _ bytes: [UInt8], from start: Int, on socket: Socket
    ) throws(SystemError) -> Int {
        var next = start
        while next < bytes.count {
            guard let sent = try socket.send(bytes, from: next) else { break }
            next += sent
        }
        return next
    }
}
