import HTTP

extension Problem {
    /// A request that HTTP itself refuses.
    init(_ error: RequestError) {
        let type = [ProblemType].everywhere.first { $0.status == error.status }
        // Who runs the service may be the one who reads it.
        let hint =
            error == .bodyTooLarge ? " The limit is the server's setting HTTP_MAX_BODY_SIZE." : ""
        self.init(
            type: type ?? .malformedRequest, detail: error.explanation + hint,
            fields: error.status == .serviceUnavailable ? [Self.retryAfter] : [])
    }
}
