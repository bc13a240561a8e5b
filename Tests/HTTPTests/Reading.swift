import HTTP

/// What a parser made of some bytes, written so that two can be compared and read.
struct Reading: Equatable {
    var requests: [String] = []
    var refusal: RequestError?
    var isIdle = false

    /// Hands the pieces over one after the other, asking for events after each.
    init(_ pieces: [ArraySlice<UInt8>], limits: MessageLimits = .tight) {
        var parser = RequestParser(limits: limits)
        do throws(RequestError) {
            for piece in pieces {
                parser.append(Array(piece).span)
                while let event = try parser.next() { note(event) }
            }
            isIdle = parser.isIdle
        } catch {
            refusal = error
        }
    }

    init(_ text: String, limits: MessageLimits = .tight) {
        self.init([Array(text.utf8)[...]], limits: limits)
    }

    private mutating func note(_ event: RequestParser.Event) {
        switch event {
        case .head(let head, let framing):
            let fields = head.fields.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
            let end = framing.keepsAlive ? "" : " close"
            let leave = framing.expectsContinue ? " continue?" : ""
            requests.append(
                "\(head.method) \(head.target.raw) \(head.version) [\(fields)]\(leave)\(end)")
        case .body(let body):
            if !body.isEmpty {
                requests[requests.count - 1] += " " + String(decoding: body, as: UTF8.self)
            }
        }
    }
}

/// The ways in which a network may cut bytes.
enum Cutting {
    static func whole(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { [bytes[...]] }

    static func everyByte(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.indices.map { bytes[$0...$0] }
    }

    static func inTwo(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        bytes.indices.dropFirst().map { [bytes[..<$0], bytes[$0...]] }
    }

    static func random(
        _ bytes: [UInt8], using generator: inout some RandomNumberGenerator
    ) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(Int.random(in: 1...24, using: &generator)))
            rest = rest.dropFirst(pieces[pieces.count - 1].count)
        }
        return pieces
    }
}

extension MessageLimits {
    /// Small enough to be passed within a line of a test.
    static let tight: MessageLimits = {
        var limits = MessageLimits()
        limits.emptyLines = 2
        limits.methodBytes = 8
        limits.targetBytes = 40
        limits.headerBytes = 200
        limits.fieldCount = 6
        limits.bodyBytes = 32
        limits.chunkExtensionBytes = 16
        limits.trailerBytes = 40
        return limits
    }()
}
