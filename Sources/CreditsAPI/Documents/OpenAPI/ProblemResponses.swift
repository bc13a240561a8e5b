import HTTP

/// The answers of all routes that are problems, each described once and referred to by name.
///
/// A status may stand for several problems, and for other ones from route to route (422: a value, a
/// key that was used, SQL that PostgreSQL refused). Every such set is a component, named for
/// what is in it: `InvalidValueOrIdempotencyKeyReused`.
struct ProblemResponses {
    /// Problems that share a status.
    private struct Group: Hashable {
        let types: [ProblemType]

        var name: String { types.map(\.componentName).joined(separator: "Or") }
    }

    private let entries: [(group: Group, first: Route?)]

    init(_ routes: [Route]) {
        var entries: [(group: Group, first: Route?)] = []
        var known: Set<Group> = []
        for route in routes {
            for group in Self.groups(of: route.allProblems) where known.insert(group).inserted {
                entries.append((group, route))
            }
        }
        // No operation can answer these, and every client meets them: a path or method that is not.
        for type in [ProblemType.notFound, .methodNotAllowed] {
            let group = Group(types: [type])
            if known.insert(group).inserted { entries.append((group, nil)) }
        }
        self.entries = entries
    }

    /// The route's problems by status code, as references.
    func references(for route: Route) -> [(code: Int, reference: JSONValue)] {
        Self.groups(of: route.allProblems).map { group in
            (group.types[0].status.code, ["$ref": .string("#/components/responses/\(group.name)")])
        }
    }

    /// `#/components/responses`, in the order of the status codes.
    var components: JSONValue {
        let sorted = entries.sorted {
            ($0.group.types[0].status.code, $0.group.name)
                < ($1.group.types[0].status.code, $1.group.name)
        }
        return .object(
            JSONObject(
                sorted.map { .init(name: $0.group.name, value: json($0.group.types, $0.first)) }))
    }

    /// - Parameter types: In the order of their status codes, as `Route.allProblems` has them.
    private static func groups(of types: [ProblemType]) -> [Group] {
        types.chunked(by: \.status.code).map(Group.init(types:))
    }

    private func json(_ types: [ProblemType], _ route: Route?) -> JSONValue {
        let schema = types.count == 1 ? types[0].schema : .problem
        let examples = types.map { type -> JSONObject.Member in
            let body = type.example.exampleBody(for: route)
            return .init(name: type.slug, value: ["summary": .string(type.title), "value": body])
        }
        return [
            "description": .string(description(of: types)),
            "headers": OpenAPIComponents.references(to: headers(of: types)),
            "content": [
                "application/problem+json": [
                    "schema": JSONSchema.reference(schema).json,
                    "examples": .object(JSONObject(examples)),
                ]
            ],
        ]
    }

    private func description(of types: [ProblemType]) -> String {
        if types.count == 1 { return types[0].documentation }
        return types.map { "- [\($0.title)](\($0.path)): \($0.documentation)" }
            .joined(separator: "\n")
    }

    /// The fields that the problems carry; one that only some of them carry is optional.
    private func headers(of types: [ProblemType]) -> [ResponseDescription.Header] {
        let carried = types.map { Set($0.example.fields.map(\.name)) }
        let known: [ResponseDescription.Header] = [
            .allow, .retryAfter, .rateLimit, .rateLimitPolicy, .authenticate,
        ]
        let described = known.compactMap { header -> ResponseDescription.Header? in
            let count = carried.count { $0.contains { $0.spelling == header.name } }
            guard count > 0 else { return nil }
            var header = header
            header.isAlwaysPresent = header.isAlwaysPresent && count == types.count
            return header
        }
        return described + [.requestID]
    }
}

extension ProblemType {
    /// `insufficient-credits` as `InsufficientCredits`.
    fileprivate var componentName: String {
        slug.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The schema of an answer that can be this problem only.
    var schema: SchemaComponent {
        self == .insufficientCredits ? .insufficientCreditsProblem : .problem
    }
}

extension Array {
    /// Neighbours of the same key together.
    fileprivate func chunked(by key: (Element) -> some Equatable) -> [[Element]] {
        var chunks: [[Element]] = []
        for element in self {
            if let last = chunks.last?.last, key(last) == key(element) {
                chunks[chunks.count - 1].append(element)
            } else {
                chunks.append([element])
            }
        }
        return chunks
    }
}
