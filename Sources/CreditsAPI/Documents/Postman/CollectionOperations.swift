import HTTP

extension PostmanCollection {
    static let operations = CollectionFolder(
        name: "Operations",
        description: "Health, and the documents that describe the service.",
        steps: health + documents)

    private static let health: [CollectionStep] = [
        CollectionStep(
            name: "Liveness", target: .operation("getLiveness"),
            purpose: "Ask this to decide on a restart.", checks: [isOK]),
        CollectionStep(
            name: "Readiness", target: .operation("getReadiness"),
            purpose: "Ask this to decide on traffic.", checks: [isOK]),
        CollectionStep(
            name: "Health", target: .operation("getHealth"),
            purpose: "The same under a common name.", checks: [isOK]),
        CollectionStep(
            name: "Health, without the z", target: .operation("getHealthAlias"),
            purpose: "The same under another common name.", checks: [isOK]),
        CollectionStep(
            name: "Metrics", target: .operation("getMetrics"),
            purpose: "For Prometheus; this run is in it.",
            checks: [
                .init(
                    "Requests are counted",
                    "pm.expect(pm.response.text()).to.include('credits_http_requests_total{');")
            ]),
    ]

    private static let documents: [CollectionStep] = [
        CollectionStep(
            name: "Index", target: .operation("getIndex"), purpose: "What a program is told.",
            headers: [("Accept", "application/json")],
            checks: [
                .init("Index leads to the docs", "pm.expect(body.documentation).to.equal('/docs');")
            ]),
        CollectionStep(
            name: "Index, for a browser", target: .operation("getIndex"),
            purpose: "A browser is led on.", headers: [("Accept", "text/html")],
            outcome: .redirect(.seeOther), checks: [leadsToDocs]),
        CollectionStep(
            name: "OpenAPI document", target: .operation("getOpenAPIDocument"),
            purpose: "For generators of clients.",
            checks: [
                .init(
                    "Document has the calls of this collection",
                    "pm.expect(body.openapi).to.equal('3.1.0');",
                    "pm.expect(body.paths).to.have.property('/api/credits/{user_id}');")
            ]),
        CollectionStep(
            name: "Docs page", target: .operation("getDocumentationPage"),
            purpose: "For people.",
            checks: [
                .init(
                    "Page is HTML", "pm.expect(pm.response.text()).to.include('<!DOCTYPE html>');")
            ]),
        CollectionStep(
            name: "Asset of the docs page", target: .operation("getDocumentationAsset"),
            purpose: "Its picture.", pathValues: ["asset": "icon.svg"],
            checks: [
                .init("Asset is a picture", "pm.expect(pm.response.text()).to.include('<svg');")
            ]),
        CollectionStep(
            name: "Docs page under its other name", target: .operation("getRedoc"),
            purpose: "For those who look there.", outcome: .redirect(.permanentRedirect),
            checks: [leadsToDocs]),
        CollectionStep(
            name: "Postman collection", target: .operation("getPostmanCollection"),
            purpose: "This collection.",
            checks: [
                .init(
                    "Collection has its folders",
                    "pm.expect(body.info.name).to.equal('Credits');",
                    "pm.expect(body.item).to.be.an('array').that.is.not.empty;")
            ]),
        CollectionStep(
            name: "Problem types", target: .operation("listProblemTypes"),
            purpose: "All that an answer's `type` can be.",
            headers: [("Accept", "application/json")],
            checks: [
                .init(
                    "Every type is a page of this server",
                    "const types = body.problems.map((problem) => problem.type);",
                    "pm.expect(types).to.be.an('array').that.is.not.empty;",
                    "pm.expect(types.every((type) => type.startsWith('/problems/'))).to.be.true;")
            ]),
        CollectionStep(
            name: "Problem type", target: .operation("getProblemType"),
            purpose: "What the `type` of a problem leads to.",
            pathValues: ["type": ProblemType.insufficientCredits.slug],
            headers: [("Accept", "application/json")],
            checks: [
                .init("Status is that of the problem", "pm.expect(body.status).to.equal(402);")
            ]),
        CollectionStep(
            name: "Problem type that does not exist", target: .operation("getProblemType"),
            purpose: "There is a page for each problem, and no other.",
            pathValues: ["type": "none-of-ours"], outcome: .problem(.notFound)),
    ]

    private static let isOK = CollectionStep.Check(
        "All is well", "pm.expect(body.status).to.equal('ok');")

    private static let leadsToDocs = CollectionStep.Check(
        "Location is the docs page", "pm.response.to.have.header('Location', '/docs');")
}
