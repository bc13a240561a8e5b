import HTTP

/// The test script of a step: what every answer must be, what its schema says, and the step's own
/// checks.
struct CollectionScript {
    let step: CollectionStep
    let route: Route?

    var lines: [String] {
        switch step.outcome {
        case .success:
            guard let route, let response = route.responses.first else {
                preconditionFailure("\(step.name) succeeds at nothing")
            }
            return script(for: response)
        case .redirect(let status):
            return statusCheck(status) + requestIDCheck + rest
        case .problem(let type):
            return statusCheck(type.status) + problemChecks(type) + requestIDCheck + rest
        case .guarded(let type, let other):
            return guardedChecks(type, other) + requestIDCheck + rest
        }
    }

    private func script(for response: ResponseDescription) -> [String] {
        guard let content = response.contents.first else {
            return statusCheck(response.status) + requestIDCheck + rest
        }
        var lines = statusCheck(response.status) + mediaTypeCheck(content.mediaType)
        if content.mediaType == "application/json" {
            lines += ["const body = pm.response.json();"] + typeChecks(content.schema)
        }
        return lines + requestIDCheck + rest
    }

    private var rest: [String] {
        step.checks.flatMap { test($0.name, $0.statements) } + step.memory
    }

    // MARK: - Checks that every answer must stand

    private func statusCheck(_ status: Status) -> [String] {
        test("Status is \(status)", ["pm.response.to.have.status(\(status.code));"])
    }

    private func mediaTypeCheck(_ mediaType: String) -> [String] {
        if mediaType == "*/*" { return [] }
        return test(
            "Body is \(mediaType)",
            ["pm.expect(pm.response.headers.get('Content-Type')).to.include('\(mediaType)');"])
    }

    private var requestIDCheck: [String] {
        test(
            "Answer carries a request id", ["pm.response.to.have.header('X-Request-Id');"])
    }

    private func problemChecks(_ type: ProblemType) -> [String] {
        mediaTypeCheck("application/problem+json")
            + ["const body = pm.response.json();"]
            + test(
                "Problem is '\(type.title)'",
                [
                    "pm.expect(body.type).to.equal('\(type.path)');",
                    "pm.expect(body.title).to.equal('\(type.title)');",
                    "pm.expect(body.status).to.equal(\(type.status.code));",
                ])
            + test(
                "Detail is text, and the id is that of the header",
                [
                    "pm.expect(body.detail).to.be.a('string').and.match(/\\w+ \\w+/);",
                    "pm.expect(body.request_id).to.equal(pm.response.headers.get('X-Request-Id'));",
                ])
    }

    /// A server without keys lets everybody pass, up to the next fault.
    private func guardedChecks(_ type: ProblemType, _ other: ProblemType) -> [String] {
        [
            "const isGuarded = Boolean(pm.variables.get('adminToken'));",
            "const body = pm.response.json();",
        ]
            + test(
                "Status is \(type.status), or \(other.status) where the server has no keys",
                [
                    "pm.expect(pm.response.code).to.equal("
                        + "isGuarded ? \(type.status.code) : \(other.status.code));",
                    "pm.expect(body.type).to.equal("
                        + "isGuarded ? '\(type.path)' : '\(other.path)');",
                ])
            + mediaTypeCheck("application/problem+json")
    }

    // MARK: - Types

    private func typeChecks(_ schema: JSONSchema) -> [String] {
        let resolved = schema.reference?.schema ?? schema
        let checks = resolved.properties.filter(\.isRequired).map(typeCheck)
        return checks.isEmpty ? [] : test("Members have their types", checks)
    }

    private func typeCheck(_ property: JSONSchema.Property) -> String {
        let member = "body.\(property.name)"
        let schema = property.schema
        if schema.kinds.contains(.null) {
            let other = schema.kinds.first { $0 != .null } ?? .object
            return "pm.expect(\(member) === null || typeof \(member) === '\(other.rawValue)', "
                + "'\(property.name)').to.be.true;"
        }
        switch schema.kinds.first ?? .object {
        case .integer: return "pm.expect(\(member)).to.satisfy(Number.isInteger);"
        case .string where schema.format == "date-time":
            return "pm.expect(\(member)).to.match(\(Self.momentPattern));"
        case .array, .object: return "pm.expect(\(member)).to.be.an('\(schema.kindName)');"
        case .string, .number, .boolean, .null:
            return "pm.expect(\(member)).to.be.a('\(schema.kindName)');"
        }
    }

    /// RFC 3339 in UTC, to the microsecond.
    private static let momentPattern = #"/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/"#

    private func test(_ name: String, _ statements: [String]) -> [String] {
        // Names are ours, and may hold an apostrophe.
        let quoted = name.contains("'") ? "\"\(name)\"" : "'\(name)'"
        return ["pm.test(\(quoted), () => {"] + statements.map { "    \($0)" } + ["});"]
    }
}

extension JSONSchema {
    fileprivate var kindName: String { (kinds.first ?? .object).rawValue }
}
