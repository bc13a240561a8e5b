import HTTP
import Ledger

/// One route as an Operation Object (OpenAPI 3.1.0, 4.8.10).
enum OpenAPIOperation {
    static func json(_ route: Route, _ problems: ProblemResponses) -> JSONValue {
        var operation = JSONObject()
        operation.set("tags", [.string(route.tag.rawValue)])
        operation.set("summary", .string(route.summary))
        operation.set("description", .string(description(of: route)))
        operation.set("operationId", .string(route.operationID))
        operation.set("parameters", parameters(of: route))
        if let body = route.requestBody { operation.set("requestBody", requestBody(body)) }
        operation.set("responses", responses(of: route, problems))
        if case .requires(let scope) = route.access {
            operation.set("security", .array(OpenAPIComponents.security))
            operation.set("x-required-scope", .string(scope.rawValue))
        }
        let sample: JSONValue = ["lang": "Shell", "source": .string(CurlLine(route).text)]
        operation.set("x-codeSamples", [sample])
        return .object(operation)
    }

    /// With the scope: docs pages show no extensions.
    private static func description(of route: Route) -> String {
        guard case .requires(let scope) = route.access else { return route.description }
        return "\(route.description)\n\nWhere the server has keys, one with the scope "
            + "`\(scope.rawValue)` is needed."
    }

    private static func parameters(of route: Route) -> JSONValue {
        .array(
            route.parameters.map(\.openAPI) + [["$ref": "#/components/parameters/X-Request-Id"]])
    }

    private static func requestBody(_ body: BodyDescription) -> JSONValue {
        [
            "required": .bool(body.isRequired),
            "content": [
                "application/json": [
                    "schema": JSONSchema.reference(body.schema).json, "example": body.example,
                ]
            ],
        ]
    }

    /// Every status that can occur, in order.
    private static func responses(of route: Route, _ problems: ProblemResponses) -> JSONValue {
        let ours = route.allResponses.map { ($0.status.code, $0.openAPI) }
        let refused = problems.references(for: route)
        var responses = JSONObject()
        for (code, response) in (ours + refused).sorted(by: { $0.0 < $1.0 }) {
            responses.set(String(code), response)
        }
        return .object(responses)
    }
}

extension ParameterDescription {
    /// A Parameter Object (4.8.12).
    ///
    /// Docs pages fill a form with the examples: one idempotency key for all calls, or a cursor on
    /// a first page, would spoil the call. So only what must be sent has one.
    var openAPI: JSONValue {
        var parameter = JSONObject()
        parameter.set("name", .string(name))
        parameter.set("in", .string(location.rawValue))
        parameter.set("description", .string(description))
        parameter.set("required", .bool(isRequired))
        parameter.set("schema", schema.json)
        if isRequired { parameter.set("example", example) }
        return .object(parameter)
    }
}

extension ResponseDescription {
    /// A Response Object (4.8.17).
    var openAPI: JSONValue {
        var response = JSONObject()
        response.set("description", .string(description))
        response.set("headers", OpenAPIComponents.references(to: headers + [.requestID]))
        if !contents.isEmpty {
            let members = contents.map {
                JSONObject.Member(name: $0.mediaType, value: $0.openAPI)
            }
            response.set("content", .object(JSONObject(members)))
        }
        return .object(response)
    }
}

extension ResponseDescription.Content {
    fileprivate var openAPI: JSONValue {
        guard let example else { return ["schema": schema.json] }
        return ["schema": schema.json, "example": example]
    }
}
