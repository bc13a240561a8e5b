import Ledger

extension ParameterDescription {
    private static let exampleMoment: JSONValue = "2026-11-22T07:18:29.093827Z"

    static let at = ParameterDescription(
        name: "at", location: .query,
        description: "A time that has been, by RFC 3339: the answer is the balance as it was then, "
            + "and the time of its last change until then. One that is less than a second ago may "
            + "still gain an entry that is being written. Encode the `+` of an offset as `%2B`.",
        schema: .string(format: "date-time"), example: exampleMoment)

    static let historyLimit = limit(
        "How many entries", HistoryRequest.limits, default: HistoryRequest.defaultLimit)

    static let historyCursor = ParameterDescription(
        name: "cursor", location: .query,
        description: "The `next_cursor` of the page before, with the filters that it was given "
            + "for; the newest entries if not given.",
        schema: .string(pattern: HistoryCursor.pattern), example: .string(Example.cursor))

    static let kind = ParameterDescription(
        name: "kind", location: .query,
        description: "Only entries of this kind; given several times, of any of these kinds.",
        schema: .array(of: SchemaComponent.entryKind), example: ["add"])

    static let from = ParameterDescription(
        name: "from", location: .query,
        description: "Only entries of this time (RFC 3339) or later.",
        schema: .string(format: "date-time"), example: exampleMoment)

    static let to = ParameterDescription(
        name: "to", location: .query, description: "Only entries before this time (RFC 3339).",
        schema: .string(format: "date-time"), example: exampleMoment)

    static let idempotencyKeyFilter = ParameterDescription(
        name: "idempotency_key", location: .query,
        description: "Only the entry of the write that was sent under this key.",
        schema: .string(lengths: IdempotencyKey.lengths, pattern: "^[!-~]+$"),
        example: "9b2f7c1e-6d43-4c58-a0f1-3e5d8c7b9a10")
}

extension ResponseDescription.Header {
    static let nextPage = Self(
        name: "Link",
        description: "The next page, where there is one: `</api/...>; rel=\"next\"` (RFC 8288).",
        schema: .string())
}
