import HTTP

/// What the service says of itself.
enum DocumentationEndpoints {
    static func index(_ request: AcceptRequest, _ context: APIContext) -> ReadyAnswer {
        var response =
            request.prefersHTML
            ? Response.redirect(.seeOther, to: "/docs") : context.documents.index
        response.fields.append(.vary, "Accept")
        return ReadyAnswer(response)
    }

    static func openAPI(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(context.documents.openAPI)
    }

    static func page(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(context.documents.docs)
    }

    static func asset(
        _ request: AssetRequest, _ context: APIContext
    ) throws(Problem) -> ReadyAnswer {
        guard let asset = context.documents.assets[request.name] else { throw .nothingHere }
        return ReadyAnswer(asset)
    }

    static func redoc(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(.redirect(.permanentRedirect, to: "/docs"))
    }

    static func postmanCollection(_ request: NoInput, _ context: APIContext) -> ReadyAnswer {
        ReadyAnswer(context.documents.postmanCollection)
    }

    static func problems(_ request: AcceptRequest, _ context: APIContext) -> ReadyAnswer {
        negotiated(context.documents.problemIndex, prefersHTML: request.prefersHTML)
    }

    static func problem(_ request: ProblemTypeRequest, _ context: APIContext) -> ReadyAnswer {
        guard let pages = context.documents.problems[request.type] else {
            preconditionFailure("every problem type has its pages")
        }
        return negotiated(pages, prefersHTML: request.prefersHTML)
    }

    private static func negotiated(
        _ pages: DocumentLibrary.Pages, prefersHTML: Bool
    ) -> ReadyAnswer {
        var response = prefersHTML ? pages.html : pages.json
        response.fields.append(.vary, "Accept")
        return ReadyAnswer(response)
    }
}
