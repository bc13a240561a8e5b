import HTTP

/// The interface in OpenAPI 3.1.0: a fold over the route table.
package enum OpenAPIDocument {
    /// Indented JSON in UTF-8; the same bytes for the same table and version.
    package static func render(version: String) -> [UInt8] {
        document(for: RouteTable.routes, version: version).encoded(.indented)
    }

    static func document(for routes: [Route], version: String) -> JSONValue {
        let problems = ProblemResponses(routes)
        return [
            "openapi": "3.1.0",
            "info": info(version: version),
            "servers": [["url": "/", "description": "The server that this document is from."]],
            "tags": tags(of: routes),
            "paths": paths(of: routes, problems),
            "components": OpenAPIComponents.json(problems),
        ]
    }

    private static func info(version: String) -> JSONValue {
        [
            "title": "Credits",
            "summary": "Keeps users' credits: every change durable, none doubled, none lost.",
            "description": .string(Self.introduction),
            "version": .string(version),
        ]
    }

    private static let introduction = """
        Users earn credits, spend them, and are granted some each day. A 2xx answer to a write was \
        committed to the database before it was sent.

        **Retries.** Give a write an `Idempotency-Key`: sent again, it happens once, and the first \
        answer is given again.

        **Errors** are problem details (RFC 9457, `application/problem+json`). Their `type` is a \
        page of this server, their `detail` a sentence for people. By its `request_id` a failure \
        of the service (5xx) is found in the log, and with LOG_LEVEL=debug every request.

        **Numbers** are integers. A balance is 0 to 9007199254740991, an amount 1 to 1000000000000.

        Every GET answers HEAD as well, and every path OPTIONS. Members of a body that are not \
        named here are ignored.
        """

    private static func tags(of routes: [Route]) -> JSONValue {
        let used = Set(routes.map(\.tag))
        return .array(
            Route.Tag.allCases.filter(used.contains).map { tag in
                ["name": .string(tag.rawValue), "description": .string(tag.description)]
            })
    }

    /// One entry a path, in the order in which the table first names it.
    private static func paths(of routes: [Route], _ problems: ProblemResponses) -> JSONValue {
        var paths = JSONObject()
        for route in routes {
            var item = JSONObject()
            if case .object(let known) = paths[route.path.text] { item = known }
            item.set(
                route.method.rawValue.lowercased(), OpenAPIOperation.json(route, problems))
            paths.set(route.path.text, .object(item))
        }
        return .object(paths)
    }
}
