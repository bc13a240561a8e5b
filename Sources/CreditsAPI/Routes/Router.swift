import HTTP

/// Finds what stands at a path.
///
/// Theory of operation: the patterns of the table make a tree at start, a level for each segment; a
/// node has its few literal children by name, and one child for a hole. A walk from the root finds
/// the resource in as many steps as the path has segments; a literal goes before a hole, and where
/// its branch ends nowhere the hole is tried after all. A resource has its operations by method,
/// and the field Allow ready made.
struct Router: Sendable {
    /// What a route is when it is asked. A class: every request takes one reference to it.
    final class Operation: Sendable {
        let operationID: String
        let access: Route.Access
        let isSafe: Bool
        let hasQueryParameters: Bool
        let parameterNames: [String]
        let handler: Handler
        let meter: OperationMeter

        init(_ route: Route) {
            operationID = route.operationID
            access = route.access
            isSafe = route.method.isSafe
            hasQueryParameters = route.parameters.contains { $0.location == .query }
            parameterNames = route.path.parameterNames
            handler = route.handler
            meter = OperationMeter(route.operationID)
        }
    }

    struct Resource: Sendable {
        /// A few: a walk over them is faster than a hash.
        fileprivate(set) var operations: [(method: Method, operation: Operation)] = []
        /// The methods of the path as the field Allow has them.
        fileprivate(set) var allow = ""

        /// HEAD is GET without the content (RFC 9110, 9.3.2); the server leaves it out.
        func operation(_ method: Method) -> Operation? {
            let method = method == .head ? .get : method
            return operations.first { $0.method == method }?.operation
        }
    }

    private struct Node {
        var literals: [(name: [UInt8], child: Int)] = []
        var hole: Int?
        var resource: Int?

        func child(named name: ArraySlice<UInt8>) -> Int? {
            literals.first { $0.name.elementsEqual(name) }?.child
        }
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
            resources[index].allow = Self.allow(Set(resources[index].operations.map(\.method)))
        }
        let names = routes.map(\.operationID)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw RouteClash(first: twice, second: twice)
        }
    }

    /// What is counted of each operation.
    var meters: [OperationMeter] { resources.flatMap { $0.operations.map(\.operation.meter) } }

    /// The resource and what stands in the holes of its path. One slash at the end of a path says
    /// nothing, unless the path means nothing without it: `/api/credits/` lacks its user's number.
    func resource(for target: RequestTarget) -> (resource: Resource, parameters: [String])? {
        let segments = target.segments
        return resource(for: segments) ?? segments.withFinalSlash.flatMap(resource)
    }

    private func resource(
        for segments: PathSegments
    ) -> (resource: Resource, parameters: [String])? {
        var parameters: [String] = []
        guard let index = find(segments, at: 0, from: 0, &parameters) else { return nil }
        return (resources[index], parameters)
    }

    private func find(
        _ segments: PathSegments, at index: Int, from node: Int, _ parameters: inout [String]
    ) -> Int? {
        guard index < segments.count else { return nodes[node].resource }
        let segment = segments[index]
        if let literal = nodes[node].child(named: segment),
            let resource = find(segments, at: index + 1, from: literal, &parameters)
        {
            return resource
        }
        guard let hole = nodes[node].hole else { return nil }
        parameters.append(segments.text(index))
        if let resource = find(segments, at: index + 1, from: hole, &parameters) {
            return resource
        }
        parameters.removeLast()
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
        if let other = resources[index].operations.first(where: { $0.method == route.method }) {
            throw RouteClash(first: other.operation.operationID, second: route.operationID)
        }
        resources[index].operations.append((route.method, Operation(route)))
    }

    private mutating func child(of node: Int, for segment: PathPattern.Segment) -> Int {
        let existing =
            switch segment {
            case .literal(let text): nodes[node].child(named: Array(text.utf8)[...])
            case .parameter: nodes[node].hole
            }
        if let existing { return existing }
        nodes.append(Node())
        let child = nodes.count - 1
        switch segment {
        case .literal(let text): nodes[node].literals.append((Array(text.utf8), child))
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
