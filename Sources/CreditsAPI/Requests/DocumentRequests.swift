import HTTP

/// For documents that a browser gets as a page, and a program as JSON.
struct AcceptRequest: RequestInput {
    let prefersHTML: Bool

    init(_ request: IncomingRequest) {
        prefersHTML = request.prefersHTML
    }
}

struct AssetRequest: RequestInput {
    let name: String

    init(_ request: IncomingRequest) {
        name = request.pathParameter("asset")
    }
}

struct ProblemTypeRequest: RequestInput {
    let type: ProblemType
    let prefersHTML: Bool

    init(_ request: IncomingRequest) throws(Problem) {
        guard let type = ProblemType(rawValue: request.pathParameter("type")) else {
            throw .nothingHere
        }
        self.type = type
        prefersHTML = request.prefersHTML
    }
}

extension IncomingRequest {
    /// Browsers ask for HTML by name; curl and the libraries of programs ask for anything.
    fileprivate var prefersHTML: Bool {
        request.fields.values(of: .accept).contains { $0.lowercased().contains("text/html") }
    }
}
