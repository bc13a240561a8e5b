/// What a client gets that connects when too many are there: RFC 9457 problem details, though no
/// request of it was read, and so none has an id.
enum Refusal {
    static func bytes(date: [UInt8]) -> [UInt8] {
        let body =
            #"{"type":"about:blank","title":"Service Unavailable","status":503,"#
            + #""detail":"Too many connections are open; try again in a second."}"#
        let head = [
            "HTTP/1.1 503 Service Unavailable",
            "Date: \(String(decoding: date, as: UTF8.self))",
            "Retry-After: 1",
            "Content-Type: application/problem+json",
            "Content-Length: \(body.utf8.count)",
            "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
}
