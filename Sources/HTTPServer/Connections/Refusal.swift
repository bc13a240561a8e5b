/// What a client gets that comes when too much is there: RFC 9457 problem details, though no
/// request of it was read to its end.
enum Refusal {
    case tooManyConnections, tooManyLargeBodies

    private var detail: String {
        switch self {
        case .tooManyConnections: "Too many connections are open; try again in a second."
        case .tooManyLargeBodies: "Too many large bodies are arriving; try again in a second."
        }
    }

    /// - Parameter isToHead: whether HEAD was asked, whose answer has no content (RFC 9110 9.3.2).
    func bytes(date: [UInt8], isToHead: Bool = false) -> [UInt8] {
        let body =
            #"{"type":"about:blank","title":"Service Unavailable","status":503,"#
            + #""detail":"\#(detail)"}"#
        let head = [
            "HTTP/1.1 503 Service Unavailable",
            "Date: \(String(decoding: date, as: UTF8.self))",
            "Retry-After: 1",
            "Content-Type: application/problem+json",
            "Content-Length: \(body.utf8.count)",
            "Connection: close",
        ]
        let content = isToHead ? "" : body
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + content).utf8)
    }
}
