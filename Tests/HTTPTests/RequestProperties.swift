// What holds for any bytes at all, said once: the mutation tests ask it of seeded bytes, and the
// fuzz target, which is linked to this file and to Transcript.swift, of libFuzzer's.

@testable import HTTP

enum RequestProperties {
    /// The first property that does not hold for the bytes, in words; nil where all of them hold.
    static func broken(by bytes: [UInt8], limits: MessageLimits) -> String? {
        let whole = Transcript([bytes[...]], limits: limits)
        let answered = AnsweredTranscript([bytes[...]], limits: limits)
        for pieces in [everyByte(bytes), ownSchedule(bytes)] {
            let cut = Transcript(pieces, limits: limits)
            if cut != whole { return "cut, they read as \(cut), and whole as \(whole)" }
            let cutAnswered = AnsweredTranscript(pieces, limits: limits)
            guard cutAnswered == answered else {
                return "cut, they are answered as \(cutAnswered), and whole as \(answered)"
            }
        }
        return whole.afterRefusal ?? overLimit(whole, limits)
            ?? difference(of: answered, from: whole) ?? brokenRoundTrip(whole, limits)
    }

    private static func everyByte(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.indices.map { bytes[$0...$0] }
    }

    /// Pieces of 1 to 16 bytes: each begins with the byte that says how long it is.
    private static func ownSchedule(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let first = rest.first {
            pieces.append(rest.prefix(Int(first % 16) + 1))
            rest = rest.dropFirst(Int(first % 16) + 1)
        }
        return pieces
    }
}

// MARK: - Limits

extension RequestProperties {
    private static func overLimit(_ transcript: Transcript, _ limits: MessageLimits) -> String? {
        for request in transcript.requests {
            // An absolute target brings its own Host.
            let added = request.target.hasPrefix("/") ? 0 : 1
            guard request.lines.count <= limits.fieldCount + added,
                request.lines.reduce(0, { $0 + $1.count })
                    <= limits.headerBytes + added * limits.targetBytes,
                request.method.utf8.count <= limits.methodBytes,
                request.target.utf8.count <= limits.targetBytes
            else { return "a head is over its limits: \(request)" }
            guard let body = request.body, let framing = request.framing else { continue }
            guard body.count <= limits.bodyBytes else {
                return "a body has \(body.count) bytes: \(request)"
            }
            switch framing {
            case .none where !body.isEmpty: return "it has a body that no field told of: \(request)"
            case .length(let length) where body.count != length:
                return "the body has not \(length) bytes: \(request)"
            case .none, .length, .chunked: continue
            }
        }
        return nil
    }
}

// MARK: - What a connection makes of it

extension RequestProperties {
    /// A connection answers what its parser reads, up to the request that ends it, and answers a
    /// refusal or half a request once.
    private static func difference(
        of answered: AnsweredTranscript, from read: Transcript
    ) -> String? {
        if let fault = answered.fault { return fault }
        var expected: [String] = []
        for request in read.requests where request.body != nil {
            expected.append(request.description)
            guard request.keepsAlive, request.method != "CONNECT" else {
                return compare(answered, expected)
            }
        }
        if let refusal = read.refusal {
            expected.append("refuse \(refusal)")
        } else if !read.isIdle {
            expected.append("refuse truncated")
        }
        return compare(answered, expected)
    }

    private static func compare(_ answered: AnsweredTranscript, _ expected: [String]) -> String? {
        guard answered.steps != expected else { return nil }
        return "the connection's steps are \(answered.steps), and not \(expected)"
    }
}

// MARK: - Round trip

extension RequestProperties {
    /// What was read is written in the least way, and read again: twice in a row, because a parser
    /// must keep nothing of one request for the next.
    private static func brokenRoundTrip(
        _ transcript: Transcript, _ limits: MessageLimits
    ) -> String? {
        var limits = limits
        // The Host that an absolute target brought stands in the head now.
        limits.headerBytes += limits.targetBytes + "Host: \r\n".utf8.count
        limits.fieldCount += 1
        for request in transcript.requests where request.body != nil {
            let emptyLines = repeatElement("\r\n", count: limits.emptyLines).joined()
            let twice = (0..<2).flatMap { _ in Array(emptyLines.utf8) + request.written }
            let again = Transcript([twice[...]], limits: limits)
            guard again.requests == [request, request], again.isIdle else {
                return "written twice, it is \(twice.readable), and reads as \(again)"
            }
        }
        return nil
    }
}

extension ReadRequest {
    /// The request as bytes; a chunked body in one chunk.
    fileprivate var written: [UInt8] {
        var bytes = Array("\(method) \(target) \(version)\r\n".utf8)
        for line in lines { bytes += line + Array("\r\n".utf8) }
        bytes += Array("\r\n".utf8)
        let body = body ?? []
        guard framing == .chunked else { return bytes + body }
        if !body.isEmpty {
            let size = String(body.count, radix: 16)
            bytes += Array("\(size)\r\n".utf8) + body + Array("\r\n".utf8)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }
}
