/// What a caller may say beside the body.
struct ParameterDescription: Sendable {
    enum Location: String, Sendable {
        case path
        case query
        case header
    }

    let name: String
    let location: Location
    let description: String
    var isRequired = false
    let schema: JSONSchema
    let example: JSONValue
}
