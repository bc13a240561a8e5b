/// What operations share (OpenAPI 3.1.0, 4.8.7).
enum OpenAPIComponents {
    static func json(_ problems: ProblemResponses) -> JSONValue {
        [
            "schemas": schemas,
            "responses": problems.components,
            "parameters": ["X-Request-Id": requestID.openAPI],
            "headers": headers,
            "securitySchemes": securitySchemes,
        ]
    }

    private static var schemas: JSONValue {
        .object(
            JSONObject(
                SchemaComponent.allCases.map { .init(name: $0.rawValue, value: $0.schema.json) }))
    }

    /// Any value is taken, since one that is not safe to repeat is replaced and not refused.
    private static let requestID = ParameterDescription(
        name: "X-Request-Id", location: .header,
        description: "Your name for this request: the answer and its lines in the log carry it, if "
            + "it is 1 to 128 characters that are safe there. Without one the server makes one.",
        schema: .string(), example: "checkout-4711")

    // MARK: - Headers

    private static let sharedHeaders: [ResponseDescription.Header] = [
        .requestID, .idempotentReplayed, .location, .nextPage, .allow, .retryAfter, .rateLimit,
        .rateLimitPolicy, .authenticate, .entityTag,
    ]

    private static var headers: JSONValue {
        .object(JSONObject(sharedHeaders.map { .init(name: $0.name, value: $0.openAPI) }))
    }

    /// A header that differs from its shared namesake is written out where it stands.
    static func references(to headers: [ResponseDescription.Header]) -> JSONValue {
        let members = headers.map { header in
            let isShared = sharedHeaders.contains { $0.openAPI == header.openAPI }
            let reference: JSONValue = ["$ref": .string("#/components/headers/\(header.name)")]
            return JSONObject.Member(
                name: header.name, value: isShared ? reference : header.openAPI)
        }
        return .object(JSONObject(members))
    }

    // MARK: - Security

    /// Any of them will do.
    static let security: [JSONValue] = [["bearer": []], ["apiKey": []], ["adminToken": []]]

    private static let securitySchemes: JSONValue = [
        "bearer": [
            "type": "http", "scheme": "bearer",
            "description": "A key, or the ADMIN_TOKEN. A server that has neither asks for none.",
        ],
        "apiKey": [
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "The same key, for clients that cannot set Authorization.",
        ],
        "adminToken": [
            "type": "apiKey", "in": "header", "name": "X-Admin-Token",
            "description": "The same key, under the name that older clients use.",
        ],
    ]
}

extension ResponseDescription.Header {
    /// A Header Object (4.8.21).
    fileprivate var openAPI: JSONValue {
        [
            "description": .string(description), "required": .bool(isAlwaysPresent),
            "schema": schema.json,
        ]
    }
}
