/// A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it): the part of it that our bodies need.
struct JSONSchema: Sendable {
    enum Kind: String, Sendable {
        case object, array, string, integer, number, boolean, null
    }

    struct Property: Sendable {
        let name: String
        let schema: JSONSchema
        let isRequired: Bool
    }

    /// A named schema that stands for this one; everything else is then empty.
    var reference: SchemaComponent?
    /// More than one where a value may be null.
    var kinds: [Kind] = []
    var description: String?
    var format: String?
    var pattern: String?
    var minimum: Int64?
    var maximum: Int64?
    var minimumLength: Int?
    var maximumLength: Int?
    /// How many elements an array may have.
    var counts: ClosedRange<Int>?
    /// The only values allowed; empty where any is.
    var values: [JSONValue] = []
    /// One element at most; an array only because a struct cannot hold itself.
    var items: [JSONSchema] = []
    var properties: [Property] = []
    /// Schemas of which exactly one is the value's; empty where there is no such choice.
    var alternatives: [JSONSchema] = []
    /// Whether members that are not named are expected (`true`), or none is said about them (nil).
    var allowsOtherMembers: Bool?
}

extension JSONSchema {
    static func reference(_ component: SchemaComponent) -> JSONSchema {
        JSONSchema(reference: component)
    }

    static func integer(
        _ range: ClosedRange<Int64>? = nil, _ description: String? = nil
    ) -> JSONSchema {
        JSONSchema(
            kinds: [.integer], description: description, format: "int64",
            minimum: range?.lowerBound, maximum: range?.upperBound)
    }

    static func number(_ description: String? = nil) -> JSONSchema {
        JSONSchema(kinds: [.number], description: description)
    }

    static func boolean(_ description: String? = nil) -> JSONSchema {
        JSONSchema(kinds: [.boolean], description: description)
    }

    static func string(
        _ description: String? = nil, lengths: ClosedRange<Int>? = nil, format: String? = nil,
        pattern: String? = nil
    ) -> JSONSchema {
        JSONSchema(
            kinds: [.string], description: description, format: format, pattern: pattern,
            minimumLength: lengths?.lowerBound, maximumLength: lengths?.upperBound)
    }

    static func `enum`(_ values: [String], _ description: String? = nil) -> JSONSchema {
        JSONSchema(
            kinds: [.string], description: description, values: values.map { .string($0) })
    }

    static func array(of items: JSONSchema, _ description: String? = nil) -> JSONSchema {
        JSONSchema(kinds: [.array], description: description, items: [items])
    }

    static func object(
        _ properties: [Property], _ description: String? = nil, allowsOtherMembers: Bool? = nil
    ) -> JSONSchema {
        JSONSchema(
            kinds: [.object], description: description, properties: properties,
            allowsOtherMembers: allowsOtherMembers)
    }

    /// The same schema, with null allowed too.
    var nullable: JSONSchema {
        var copy = self
        copy.kinds.append(.null)
        return copy
    }

    func counting(_ counts: ClosedRange<Int>) -> JSONSchema {
        var copy = self
        copy.counts = counts
        return copy
    }
}

extension JSONSchema.Property {
    static func required(_ name: String, _ schema: JSONSchema) -> JSONSchema.Property {
        JSONSchema.Property(name: name, schema: schema, isRequired: true)
    }

    static func optional(_ name: String, _ schema: JSONSchema) -> JSONSchema.Property {
        JSONSchema.Property(name: name, schema: schema, isRequired: false)
    }
}

extension JSONSchema {
    /// The schema as it stands in an OpenAPI document, named ones as `#/components/schemas/Name`.
    var json: JSONValue {
        if let reference {
            return ["$ref": .string("#/components/schemas/\(reference.rawValue)")]
        }
        var object = JSONObject()
        let names = kinds.map { JSONValue.string($0.rawValue) }
        switch names.count {
        case 0: break
        case 1: object.set("type", names[0])
        default: object.set("type", .array(names))
        }
        setDetails(in: &object)
        if let items = items.first { object.set("items", items.json) }
        if !properties.isEmpty {
            let members = properties.map { JSONObject.Member(name: $0.name, value: $0.schema.json) }
            object.set("properties", .object(JSONObject(members)))
            let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { object.set("required", .array(required)) }
        }
        if !alternatives.isEmpty { object.set("oneOf", .array(alternatives.map(\.json))) }
        if let allowsOtherMembers {
            object.set("additionalProperties", .bool(allowsOtherMembers))
        }
        return .object(object)
    }

    private func setDetails(in object: inout JSONObject) {
        if let description { object.set("description", .string(description)) }
        if let format { object.set("format", .string(format)) }
        if let pattern { object.set("pattern", .string(pattern)) }
        if let minimum { object.set("minimum", .integer(minimum)) }
        if let maximum { object.set("maximum", .integer(maximum)) }
        if let minimumLength { object.set("minLength", .integer(minimumLength)) }
        if let maximumLength { object.set("maxLength", .integer(maximumLength)) }
        if let counts {
            object.set("minItems", .integer(counts.lowerBound))
            object.set("maxItems", .integer(counts.upperBound))
        }
        if !values.isEmpty { object.set("enum", .array(values)) }
    }
}
