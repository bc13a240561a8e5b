/// A schema in a few words: "integer, 1 to 1,000,000,000,000".
struct SchemaPhrase {
    let text: String

    init(_ schema: JSONSchema) {
        let resolved = schema.reference?.schema ?? schema
        let kinds = resolved.kinds.map(\.rawValue).joined(separator: " or ")
        let bounds = [
            Self.range(resolved.minimum, resolved.maximum, unit: ""),
            Self.range(
                resolved.minimumLength.map(Int64.init), resolved.maximumLength.map(Int64.init),
                unit: " characters"),
        ]
        let values = Self.values(of: resolved.items.first ?? resolved)
        let words = [kinds.isEmpty ? "any" : kinds] + bounds.compactMap { $0 }
        text = words.joined(separator: ", ") + (values.map { ": \($0)" } ?? "")
    }

    /// The values that there are, of an array's elements too.
    private static func values(of schema: JSONSchema) -> String? {
        let values = (schema.reference?.schema ?? schema).values.compactMap { value -> String? in
            guard case .string(let text) = value else { return nil }
            return text
        }
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    private static func range(_ low: Int64?, _ high: Int64?, unit: String) -> String? {
        // The largest Int64 is what a number can hold, and no rule that anybody meets.
        switch (low, high == .max ? nil : high) {
        case (nil, nil): nil
        case (let low?, nil): "\(grouped(low))\(unit) or more"
        case (nil, let high?): "at most \(grouped(high))\(unit)"
        case (0, let high?) where !unit.isEmpty: "at most \(grouped(high))\(unit)"
        case (let low?, let high?): "\(grouped(low)) to \(grouped(high))\(unit)"
        }
    }

    /// 1,000,000,000,000: nobody counts that many zeros.
    private static func grouped(_ number: Int64) -> String {
        var text = ""
        for (place, digit) in String(number.magnitude).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }
}
