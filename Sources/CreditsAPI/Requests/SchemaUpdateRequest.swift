import HTTP

struct SchemaUpdateRequest: RequestInput {
    let sql: String
    /// Kept with the change, so that it can be found from the log and the log from it.
    let requestID: String

    init(_ request: IncomingRequest) throws(Problem) {
        var body = try BodyReader(request)
        guard let sql = body.text("sql", "the SQL to run") else { throw body.problem }
        self.sql = sql
        requestID = request.id.text
    }
}
