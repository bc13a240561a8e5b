import HTTP

/// A step as an item of the collection: its request, scripts and saved examples.
struct CollectionItem {
    let step: CollectionStep
    let folder: String

    /// nil for what the table does not have.
    private var route: Route? {
        guard let id = step.operationID else { return nil }
        guard let route = RouteTable.routes.first(where: { $0.operationID == id }) else {
            preconditionFailure("the collection names \(id), which is no operation")
        }
        return route
    }

    var json: JSONValue {
        var item = JSONObject()
        item.set("id", PostmanCollection.identifier("\(folder)/\(step.name)"))
        item.set("name", .string(step.name))
        item.set("event", .array(events))
        item.set("request", request(isDescribed: true))
        item.set("response", .array(examples))
        if case .redirect = step.outcome {
            item.set("protocolProfileBehavior", ["followRedirects": false])
        }
        return .object(item)
    }

    // MARK: - Scripts

    private var events: [JSONValue] {
        let test = event("test", CollectionScript(step: step, route: route).lines)
        guard !step.preparation.isEmpty else { return [test] }
        return [event("prerequest", step.preparation), test]
    }

    private func event(_ listen: String, _ lines: [String]) -> JSONValue {
        [
            "listen": .string(listen),
            "script": [
                "type": "text/javascript", "exec": .array(lines.map { .string($0) }),
            ],
        ]
    }

    // MARK: - Request

    /// - Parameter isDescribed: Saved examples repeat the request, and need not repeat its prose.
    private func request(isDescribed: Bool) -> JSONValue {
        var request = JSONObject()
        request.set("method", .string(method.rawValue))
        if isDescribed { request.set("description", .string(description)) }
        if step.isAnonymous { request.set("auth", ["type": "noauth"]) }
        request.set("header", .array(headers + (isDescribed ? unusedHeaders : [])))
        if let body { request.set("body", body) }
        request.set("url", url)
        return .object(request)
    }

    private var method: Method {
        if case .undeclared(let method, _) = step.target { method } else { route?.method ?? .get }
    }

    private var path: PathPattern {
        if case .undeclared(_, let path) = step.target { path } else { route?.path ?? "/" }
    }

    private var description: String {
        [route?.description, step.purpose].compactMap { $0 }.joined(separator: "\n\n")
    }

    private var headers: [JSONValue] {
        var headers: [JSONValue] = step.headers.map { name, value in
            ["key": .string(name), "value": .string(value), "type": "text"]
        }
        if let mediaType { headers.append(["key": "Content-Type", "value": .string(mediaType)]) }
        return headers
    }

    /// Headers that the route knows and the step does not send, there to be switched on.
    private var unusedHeaders: [JSONValue] {
        let known = (route?.parameters ?? []).filter { parameter in
            parameter.location == .header && !step.headers.contains { $0.name == parameter.name }
        }
        return known.map { parameter in
            [
                "key": .string(parameter.name), "value": "{{$guid}}",
                "description": .string(parameter.description), "disabled": true,
            ]
        }
    }

    private var mediaType: String? {
        switch step.body {
        case .json: "application/json"
        case .text(_, let mediaType): mediaType
        case nil: nil
        }
    }

    private var body: JSONValue? {
        let text: String
        switch step.body {
        case .json(let value):
            // Without the final line feed, which would show as an empty line.
            text = String(decoding: value.encoded(.indented).dropLast(), as: UTF8.self)
        case .text(let given, _): text = given
        case nil: return nil
        }
        return [
            "mode": "raw", "raw": .string(text), "options": ["raw": ["language": "json"]],
        ]
    }

    private var url: JSONValue {
        let segments = path.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter(let name): ":\(name)"
            }
        }
        let query = step.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let raw =
            "{{baseUrl}}/" + segments.joined(separator: "/") + (query.isEmpty ? "" : "?\(query)")
        var url = JSONObject()
        url.set("raw", .string(raw))
        url.set("host", ["{{baseUrl}}"])
        url.set("path", .array(segments.map { .string($0) }))
        if !step.query.isEmpty {
            let items = step.query.map { item -> JSONValue in
                ["key": .string(item.name), "value": .string(item.value)]
            }
            url.set("query", .array(items))
        }
        if !path.parameterNames.isEmpty { url.set("variable", .array(pathVariables)) }
        return .object(url)
    }

    private var pathVariables: [JSONValue] {
        path.parameterNames.map { name in
            let value = step.pathValues[name] ?? (name == "user_id" ? "{{userId}}" : nil)
            guard let value else { preconditionFailure("\(step.name) needs a value for \(name)") }
            let description = route?.parameters.first { $0.name == name }?.description ?? ""
            return [
                "key": .string(name), "value": .string(value),
                "description": .string(description),
            ]
        }
    }

    // MARK: - Saved examples

    /// What the step is to be answered with, and what else it may meet: a success and an error.
    private var examples: [JSONValue] {
        var examples: [CollectionExample] = []
        let success = route?.responses.first.map { CollectionExample($0) }
        switch step.outcome {
        case .success:
            examples = [success, firstProblem].compactMap { $0 }
        case .redirect(let status):
            let redirect = route?.responses.first { $0.status == status }
            examples = [redirect.map { CollectionExample($0) }, firstProblem].compactMap { $0 }
        case .problem(let type), .guarded(let type, else: _):
            examples = [CollectionExample(type, route), success].compactMap { $0 }
        }
        return examples.map { example in
            example.json(
                identifier: PostmanCollection.identifier("\(folder)/\(step.name)/\(example.name)"),
                request: request(isDescribed: false))
        }
    }

    private var firstProblem: CollectionExample? {
        guard let route else { return nil }
        // Each route's own problems come first: they say more than what any request may meet.
        return (route.problems.first ?? route.allProblems.first).map {
            CollectionExample($0, route)
        }
    }
}
