import HTTPTypes
import Hummingbird
import Logging

/// Hummingbird as a peer: one route that answers what credits answers at /livez.
@main
struct HummingbirdPeer {
    static func main() async throws {
        guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]),
            let requestID = HTTPField.Name("X-Request-Id")
        else {
            fatalError("usage: hummingbird-http PORT")
        }
        let fields: HTTPFields = [
            .contentType: "application/json",
            requestID: "0123456789abcdef0123456789abcdef",
            .xContentTypeOptions: "nosniff",
            .cacheControl: "no-store",
        ]
        let body = ByteBuffer(string: #"{"status":"ok","version":"0.1.0"}"#)

        let router = Router()
        router.get("livez") { _, _ in
            Response(status: .ok, headers: fields, body: .init(byteBuffer: body))
        }
        // Asked to close, Hummingbird closes without saying so, which load generators count as an
        // error. A route that says it costs the other one nothing.
        var closing = fields
        closing[.connection] = "close"
        router.get("livez/closing") { [closing] _, _ in
            Response(status: .ok, headers: closing, body: .init(byteBuffer: body))
        }

        var logger = Logger(label: "hummingbird-http")
        logger.logLevel = .warning
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port), backlog: 1024),
            logger: logger)
        try await application.runService()
    }
}
