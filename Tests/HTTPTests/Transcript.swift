@testable import HTTP

/// A request as it was read, with nothing lost: two are equal when all their bytes are.
struct ReadRequest: Equatable, CustomStringConvertible {
    var method: String
    var target: String
    var version: String
    /// `name:value`, without the white space around the value.
    var lines: [[UInt8]]
    var framing: MessageFraming.Body?
    var keepsAlive = false
    var expectsContinue = false
    /// Nil until it is whole.
    var body: [UInt8]?

    init(_ head: RequestHead) {
        method = head.method.rawValue
        target = head.target.raw
        version = head.version.description
        lines = head.fields.lines.map { line in
            Array(head.fields.bytes[line.name]) + [UInt8(ascii: ":")]
                + head.fields.bytes[line.value]
        }
    }

    var description: String {
        let fields = lines.map(\.readable).joined(separator: " ")
        return "\(method) \(target) \(version) [\(fields)] \(body?.readable ?? "...")"
    }
}

/// All that a parser said of some bytes.
struct Transcript: Equatable {
    private(set) var requests: [ReadRequest] = []
    private(set) var refusal: RequestError?
    /// What was known of the request that was refused, or has not ended.
    private(set) var unfinished: ReadRequest?
    private(set) var method: String?
    private(set) var isIdle = false
    /// What is wrong with how it behaves after a refusal.
    private(set) var afterRefusal: String?

    /// Hands the pieces over one after the other, asking for events after each.
    init(_ pieces: [ArraySlice<UInt8>], limits: MessageLimits) {
        var parser = RequestParser(limits: limits)
        do throws(RequestError) {
            for piece in pieces {
                parser.append(piece.span)
                while let event = try parser.next() { note(event) }
            }
            isIdle = parser.isIdle
        } catch {
            refusal = error
            afterRefusal = Self.revived(parser, after: error)
        }
        unfinished = parser.headSoFar.map(ReadRequest.init)
        method = parser.method?.rawValue
    }

    private mutating func note(_ event: RequestParser.Event) {
        switch event {
        case .head(let head, let framing):
            var request = ReadRequest(head)
            request.framing = framing.body
            request.keepsAlive = framing.keepsAlive
            request.expectsContinue = framing.expectsContinue
            requests.append(request)
        case .body(let body):
            requests[requests.count - 1].body = body
        }
    }

    /// A parser that has refused says so for ever, and keeps nothing.
    private static func revived(_ parser: RequestParser, after refusal: RequestError) -> String? {
        var parser = parser
        parser.append(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
        guard parser.bufferedCount == 0 else { return "it keeps bytes after \(refusal)" }
        do throws(RequestError) {
            let event = try parser.next()
            return "after \(refusal) it says \(event.map { "\($0)" } ?? "nothing")"
        } catch {
            return error == refusal ? nil : "after \(refusal) it says \(error)"
        }
    }
}

/// All that a connection did about some bytes, each request answered at once, and all it wrote.
struct AnsweredTranscript: Equatable {
    private(set) var steps: [String] = []
    private(set) var output: [UInt8] = []
    private(set) var fault: String?

    private static let date = Array("Sun, 22 Nov 2026 07:18:29 GMT".utf8)

    /// Hands the pieces over one after the other; then the client sends no more.
    init(_ pieces: [ArraySlice<UInt8>], limits: MessageLimits) {
        var connection = ServerConnection(limits: limits)
        for piece in pieces {
            connection.received(piece.span)
            perform(&connection)
        }
        connection.peerClosed()
        perform(&connection)
        guard case .close = connection.nextStep() else {
            fault = "the connection goes on without its client"
            return
        }
        connection.received(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
        guard case .close = connection.nextStep() else {
            fault = "the connection is closed, and goes on"
            return
        }
    }

    private mutating func perform(_ connection: inout ServerConnection) {
        while true {
            switch connection.nextStep() {
            case .read, .close: return
            // It rests on when the body arrives, as it should.
            case .sendContinue: continue
            case .judge: connection.admit()
            case .wait:
                fault = "the connection waits for an answer that it has"
                return
            case .deliver(let request):
                var read = ReadRequest(request.head)
                read.body = request.body
                steps.append(read.description)
                answer(&connection, .ok)
            case .refuse(let error, _):
                steps.append("refuse \(error)")
                answer(&connection, error.status)
            }
        }
    }

    private mutating func answer(_ connection: inout ServerConnection, _ status: Status) {
        let response = Response(status: status, body: Array("{}".utf8))
        connection.complete(with: response, date: Self.date, into: &output)
    }
}

extension Sequence<UInt8> {
    /// For messages and comparisons: printable ASCII as it is, all else as `\xNN`.
    var readable: String {
        var text = ""
        for byte in self {
            guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\\") else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                continue
            }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return text
    }
}
