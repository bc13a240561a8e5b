/// The JSON object that a request carries.
struct BodyDescription: Sendable {
    let schema: SchemaComponent
    /// A body that works as it stands, on a database that was just made.
    let example: JSONValue
    var isRequired = true
}
