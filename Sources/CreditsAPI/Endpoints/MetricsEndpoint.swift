import HTTP

/// What monitoring asks for every few seconds.
enum MetricsEndpoint {
    static func metrics(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(
            Response(
                status: .ok, contentType: MetricsText.contentType,
                body: context.metrics.render()))
    }
}
