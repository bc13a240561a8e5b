/// Why bytes are no request that can be answered as one. Each is a fact about the bytes.
///
/// In order of precedence: a request with several faults is refused for the first of them here,
/// save that a faulty line of the head hides all lines after it.
package enum RequestError: Error, Hashable, CaseIterable, Sendable {
    // The request line (RFC 9112 3)
    case tooManyEmptyLines
    case invalidMethod
    case methodTooLong
    case invalidTarget
    case targetTooLong
    case invalidVersion
    case unsupportedVersion
    case unsuitableTarget

    // Any line (RFC 9112 2.2 and 5)
    case invalidLineEnd
    case foldedField
    case tooManyFields
    case invalidFieldName
    case invalidFieldValue
    case fieldsTooLarge

    // The head as a whole (RFC 9112 3.2 and 6, RFC 9110 10.1.1)
    case missingHost
    case repeatedHost
    case invalidHost
    case transferEncodingInHTTP10
    case transferEncodingWithContentLength
    case invalidTransferEncoding
    case unsupportedTransferCoding
    case repeatedContentLength
    case invalidContentLength
    case bodyTooLarge
    case unsupportedExpectation

    // The body (RFC 9112 7.1)
    case invalidChunkSize
    case chunkExtensionsTooLarge
    case invalidChunkEnd

    // The connection
    case truncated
    case timeout
    case noRoomForBody
    case tooManyConnections
}

extension RequestError {
    package var status: Status {
        switch self {
        case .tooManyEmptyLines, .invalidMethod, .invalidTarget, .invalidVersion,
            .unsuitableTarget, .invalidLineEnd, .foldedField, .invalidFieldName,
            .invalidFieldValue, .missingHost, .repeatedHost, .invalidHost,
            .transferEncodingInHTTP10, .transferEncodingWithContentLength,
            .invalidTransferEncoding, .repeatedContentLength, .invalidContentLength,
            .invalidChunkSize, .invalidChunkEnd, .chunkExtensionsTooLarge, .truncated:
            .badRequest
        case .timeout: .requestTimeout
        case .noRoomForBody, .tooManyConnections: .serviceUnavailable
        case .bodyTooLarge: .contentTooLarge
        case .targetTooLong: .uriTooLong
        case .unsupportedExpectation: .expectationFailed
        case .tooManyFields, .fieldsTooLarge: .headerFieldsTooLarge
        case .methodTooLong, .unsupportedTransferCoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        }
    }

    /// What is wrong and what to do about it, for whoever wrote the client.
    package var explanation: String {
        switch self {
        case .tooManyEmptyLines:
            "Too many empty lines came before the request line; send none."
        case .invalidMethod:
            "The method must be a token such as GET, followed by one space."
        case .methodTooLong:
            "The method is longer than any that this server knows."
        case .invalidTarget:
            "The request target must be a path or an http URI, with every other character "
                + "percent-encoded, and stand between single spaces."
        case .targetTooLong:
            "The request target is too long; shorten the path or the query."
        case .invalidVersion:
            "The request line must end with one space and HTTP/1.1."
        case .unsupportedVersion:
            "This server speaks HTTP/1.1 and HTTP/1.0 only."
        case .unsuitableTarget:
            "The target * goes with OPTIONS only, and CONNECT takes host:port only."
        case .invalidLineEnd:
            "Every line must end with CR LF; neither may stand alone."
        case .foldedField:
            "A header line must not begin with white space; write each field on one line."
        case .tooManyFields:
            "The request has too many header fields; send fewer."
        case .invalidFieldName:
            "A header line must be a name, a colon right after it, and a value."
        case .invalidFieldValue:
            "A header field's value must not hold control characters."
        case .fieldsTooLarge:
            "The header fields are too large together; send fewer or shorter ones."
        case .missingHost:
            "An HTTP/1.1 request must name its host; send one Host field."
        case .repeatedHost:
            "The request has more than one Host field; send one."
        case .invalidHost:
            "The Host field must be a host name or address, with or without a port."
        case .transferEncodingInHTTP10:
            "HTTP/1.0 has no Transfer-Encoding; send Content-Length, or speak HTTP/1.1."
        case .transferEncodingWithContentLength:
            "Transfer-Encoding and Content-Length exclude each other; send one of them."
        case .invalidTransferEncoding:
            "Transfer-Encoding must be the one word chunked, once."
        case .unsupportedTransferCoding:
            "The only transfer coding that this server knows is chunked."
        case .repeatedContentLength:
            "The request has more than one Content-Length field; send one."
        case .invalidContentLength:
            "Content-Length must be one number of bytes, in decimal digits without leading zeros."
        case .bodyTooLarge:
            "The body is larger than this server accepts; send less."
        case .unsupportedExpectation:
            "The only expectation that this server can meet is 100-continue."
        case .invalidChunkSize:
            "A chunk must begin with its size in hexadecimal digits and CR LF."
        case .chunkExtensionsTooLarge:
            "The chunk extensions are too large; send none."
        case .invalidChunkEnd:
            "A chunk's data must be as long as its size says, and end with CR LF."
        case .truncated:
            "The connection ended before the request did."
        case .timeout:
            "The request did not arrive in time."
        case .noRoomForBody:
            "Too many large bodies are arriving; try again in a second."
        case .tooManyConnections:
            "Too many connections are open; try again in a second."
        }
    }
}
