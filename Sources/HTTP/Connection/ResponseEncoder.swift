/// Writes answers as bytes (RFC 9112 4). Framing and `Date` are written here and nowhere else:
/// what a response says of them itself is dropped, so that no answer can be cut in two.
package enum ResponseEncoder {
    /// What an answer says about the connection (RFC 9112 9.3 and 9.6).
    package enum ConnectionField: Sendable {
        /// It goes on, or ends, as the version has it anyway.
        case none
        case close
        case keepAlive

        /// HTTP/1.1 goes on unless it says otherwise, HTTP/1.0 the other way round.
        package static func needed(keepsAlive: Bool, version: Version) -> ConnectionField {
            guard keepsAlive else { return .close }
            return version < .http11 ? .keepAlive : .none
        }
    }

    /// Appends the answer to a request with this method, as far as that is known.
    package static func encode(
        _ response: Response, to method: Method?, connection: ConnectionField, date: [UInt8],
        into output: inout [UInt8]
    ) {
        // What follows a 2xx to CONNECT is the tunnel (RFC 9110 9.3.6).
        let opensTunnel = response.status.isSuccess && method == .connect
        let hasContent = response.status.allowsContent && !opensTunnel
        append(response.status, to: &output)
        output.append(contentsOf: date)
        output.append(contentsOf: lineEnd)
        append(response.fields, to: &output)
        if hasContent {
            output.append(contentsOf: contentLength)
            output.append(decimal: response.body.count)
            output.append(contentsOf: lineEnd)
        }
        switch connection {
        case .none: break
        case .close: output.append("Connection: close\r\n")
        case .keepAlive: output.append("Connection: keep-alive\r\n")
        }
        output.append(contentsOf: lineEnd)
        if hasContent && method != .head {
            output.append(contentsOf: response.body)
        }
    }

    // Of nearly every answer: bytes are appended for a third of what text costs.
    private static let okLineAndDate = Array("HTTP/1.1 200 OK\r\nDate: ".utf8)
    private static let contentLength = Array("Content-Length: ".utf8)
    private static let lineEnd = Array("\r\n".utf8)

    private static func append(_ status: Status, to output: inout [UInt8]) {
        if status == .ok { return output.append(contentsOf: okLineAndDate) }
        output.append("HTTP/1.1 ")
        output.append(decimal: status.code)
        output.append(" ")
        output.append(status.reasonPhrase)
        output.append("\r\nDate: ")
    }

    private static func append(_ fields: Fields, to output: inout [UInt8]) {
        guard fields.lines.contains(where: { isOurs($0, of: fields) }) else {
            output.append(contentsOf: fields.bytes)
            return
        }
        for line in fields.lines where !isOurs(line, of: fields) {
            output.append(contentsOf: fields.bytes[line.name.lowerBound..<line.value.upperBound])
            output.append("\r\n")
        }
    }

    /// The length of the name rules out nearly all others.
    private static func isOurs(_ line: Fields.Line, of fields: Fields) -> Bool {
        switch line.name.count {
        case 4: fields.isNamed(.date, line)
        case 10: fields.isNamed(.connection, line)
        case 14: fields.isNamed(.contentLength, line)
        case 17: fields.isNamed(.transferEncoding, line)
        default: false
        }
    }
}
