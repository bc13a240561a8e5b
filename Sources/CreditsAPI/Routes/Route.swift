import HTTP
import Ledger

/// One operation of the service: all that the router, the OpenAPI document, the docs page and the
/// Postman collection know about it.
struct Route: Sendable {
    enum Tag: String, Sendable, CaseIterable {
        case credits
        case grants
        case users
        case schema
        case keys
        case operations
        case documentation

        var description: String {
            switch self {
            case .credits: "Balances, and the writes to them."
            case .grants: "The daily grant: its days, and whom they reached."
            case .users: "Who holds credits."
            case .schema: "The database's own shape."
            case .keys: "Who may do what, and what was done."
            case .operations: "Whether the service is alive, and ready for traffic."
            case .documentation: "What you are reading, in all its forms."
            }
        }
    }

    enum Access: Hashable, Sendable {
        case open
        /// Needs a key with this scope, where the server has a key at all.
        case requires(Scope)
    }

    let method: Method
    let path: PathPattern
    let operationID: String
    let tag: Tag
    /// One line, without a full stop.
    let summary: String
    /// One paragraph; Markdown, as OpenAPI has it.
    let description: String
    var parameters: [ParameterDescription] = []
    var requestBody: BodyDescription?
    /// The answers that are no problems, the usual one first.
    let responses: [ResponseDescription]
    /// The problems of its own. What can befall any request is added by `allProblems`.
    var problems: [ProblemType] = []
    var access = Access.open
    let handler: Handler
}

extension Route {
    /// The answers that are no problems, with the one to a read whose sender has it already.
    var allResponses: [ResponseDescription] {
        responses + (isConditionalRead ? [.notModified] : [])
    }

    private var isConditionalRead: Bool {
        method.isSafe && responses.contains { $0.status.isSuccess }
    }

    /// Every problem that a caller of this route may see, in the order of the status codes.
    var allProblems: [ProblemType] {
        let possible = Set(
            problems + .everywhere + (access == .open ? [] : .guarded)
                + (method.isSafe && !isConditionalRead ? [] : [.preconditionFailed]))
        return ProblemType.allCases.filter(possible.contains).sorted {
            ($0.status.code, $0.slug) < ($1.status.code, $1.slug)
        }
    }

    /// Every status that a caller of this route may see.
    var statuses: Set<Int> {
        Set(allResponses.map(\.status.code) + allProblems.map(\.status.code))
    }
}
