/// What a client gets that comes when too many are there: RFC 9457 problem details, though no
/// request of it was read.
enum Refusal {
    private static let body =
        #"{"type":"about:blank","title":"Service Unavailable","status":503,"#
        + #""detail":"Too many connections are open; try again in a second."}"#

    static func bytes(date: String) -> [UInt8] {
        let head = [
            "HTTP/1.1 503 Service Unavailable",
            "Date: \(date)",
            "Retry-After: 1",
            "Content-Type: application/problem+json",
            "Content-Length: \(body.utf8.count)",
            "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
}
