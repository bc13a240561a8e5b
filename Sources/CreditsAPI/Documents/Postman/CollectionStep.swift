import HTTP

/// One request of the Postman collection, and what its answer must be.
///
/// What the request is follows from the route table; a step adds which values it sends and what is
/// to be checked beyond status, media type and the members' types.
struct CollectionStep: Sendable {
    enum Target: Sendable {
        /// A route of the table, by its operation id.
        case operation(String)
        /// What the table does not have: for the answers to that.
        case undeclared(Method, PathPattern)
    }

    enum Body: Sendable {
        case json(JSONValue)
        /// Sent as it is, JSON or not.
        case text(String, mediaType: String)
    }

    enum Outcome: Sendable {
        /// The route's first answer.
        case success
        /// The route's answer of this status, which the request asks for.
        case redirect(Status)
        case problem(ProblemType)
        /// The first problem where the server wants a key, the second where not.
        case guarded(ProblemType, else: ProblemType)
    }

    /// A pm.test: its name, and its statements in JavaScript, which see the answer as `body`.
    struct Check: Sendable {
        let name: String
        let statements: [String]

        init(_ name: String, _ statements: String...) {
            self.name = name
            self.statements = statements
        }
    }

    let name: String
    let target: Target
    /// What this step shows beyond the route's own description.
    let purpose: String
    /// The holes in the path; the user's number is filled in without being named.
    var pathValues: [String: String] = [:]
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    /// Sends no key of the collection's, so that a header of the step's own counts.
    var isAnonymous = false
    var body: Body?
    /// JavaScript that runs before the request is sent.
    var preparation: [String] = []
    var outcome = Outcome.success
    var checks: [Check] = []
    /// JavaScript after the checks: what later steps need to know.
    var memory: [String] = []
}

/// Steps that belong together; each folder runs by itself once the first step has made a user.
struct CollectionFolder: Sendable {
    let name: String
    let description: String
    let steps: [CollectionStep]
}

extension CollectionStep {
    var operationID: String? {
        if case .operation(let id) = target { id } else { nil }
    }
}
