import HTTP

/// Finds what stands at a path.
///
/// Theory of operation: the patterns of the table make a tree at start, a level for each segment; a
/// node has its literal children by name, and one child for a hole. A walk from the root finds the
/// resource in as many steps as the path has segments; a literal goes before a hole, and where its
/// branch ends nowhere the hole is tried after all. A resource has its operations by method, and
/// the field Allow ready made.
struct Router: Sendable {
    /// What a route is when it is asked.
    struct Operation: Sendable {
        let operationID: String
        let access: Route.Access
        let tag: Route.Tag
        let parameterNames: [String]
        let handler: Handler
    }

    struct Resource: Sendable {
        fileprivate(set) var operations: [Method: Operation] = [:]
        /// The methods of the path as the field Allow has them.
        fileprivate(set) var allow = ""

        /// HEAD is GET without the content (RFC 9110, 9.3.2); the server leaves it out.
        func operation(_ method: Method) -> Operation? {
            operations[method == .head ? .get : method]
        }
    }

    private struct Node {
        var literals: [String: Int] = [:]
        var hole: Int?
        var resource: Int?
    }

    private var nodes = [Node()]
    private var resources: [Resource] = []
    /// The methods that any path has: the answer to `OPTIONS *`.
    let allow: String

    init(_ routes: [Route]) throws(RouteClash) {
        allow = Self.allow(Set(routes.map(\.method)))
        for route in routes {
            try add(route)
        }
        for index in resources.indices {
            resources[index].allow = Self.allow(Set(resources[index].operations.keys))
        }
        let names = routes.map(\.operationID)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw RouteClash(first: twice, second: twice)
        }
    }

    /// The resource and what stands in the holes of its path. One slash at the end of a path says
    /// nothing, unless the path means nothing without it: `/api/credits/` lacks its user's number.
    func resource(for target: RequestTarget) -> (resource: Resource, parameters: [String])? {
        let segments = target.segments
        var holes: [String] = []
        if let index = find(segments[...], from: 0, holes: &holes) {
            return (resources[index], holes)
        }
        guard target.path.utf8.last == UInt8(ascii: "/"),
            let index = find((segments + [""])[...], from: 0, holes: &holes)
        else { return nil }
        return (resources[index], holes)
    }

    private func find(
        _ segments: ArraySlice<String>, from node: Int, holes: inout [String]
    ) -> Int? {
        guard let segment = segments.first else { return nodes[node].resource }
        let rest = segments.dropFirst()
        if let literal = nodes[node].literals[segment],
            let resource = find(rest, from: literal, holes: &holes)
        {
            return resource
        }
        guard let hole = nodes[node].hole else { return nil }
        holes.append(segment)
        if let resource = find(rest, from: hole, holes: &holes) { return resource }
        holes.removeLast()
        return nil
    }
}

// MARK: - Building

/// Two routes that cannot both be meant: a fault in the table, found at start.
struct RouteClash: Error, Hashable, CustomStringConvertible {
    let first: String
    let second: String

    var description: String { "the routes \(first) and \(second) clash" }
}

extension Router {
    private mutating func add(_ route: Route) throws(RouteClash) {
        var node = 0
        for segment in route.path.segments {
            node = child(of: node, for: segment)
        }
        let index = nodes[node].resource ?? resources.count
        if index == resources.count { resources.append(Resource()) }
        nodes[node].resource = index
        if let other = resources[index].operations[route.method] {
            throw RouteClash(first: other.operationID, second: route.operationID)
        }
        resources[index].operations[route.method] = Operation(
            operationID: route.operationID, access: route.access, tag: route.tag,
            parameterNames: route.path.parameterNames, handler: route.handler)
    }

    private mutating func child(of node: Int, for segment: PathPattern.Segment) -> Int {
        let existing =
            switch segment {
            case .literal(let text): nodes[node].literals[text]
            case .parameter: nodes[node].hole
            }
        if let existing { return existing }
        nodes.append(Node())
        let child = nodes.count - 1
        switch segment {
        case .literal(let text): nodes[node].literals[text] = child
        case .parameter: nodes[node].hole = child
        }
        return child
    }

    private static func allow(_ declared: Set<Method>) -> String {
        var methods = declared.map(\.rawValue)
        if declared.contains(.get) { methods.append(Method.head.rawValue) }
        methods.append(Method.options.rawValue)
        return methods.sorted().joined(separator: ", ")
    }
}
