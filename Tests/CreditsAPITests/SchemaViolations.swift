@testable import CreditsAPI

extension JSONSchema {
    /// What in a value the schema does not allow or does not name, by JSON pointer; patterns and
    /// formats are left to the tools that know them.
    func violations(by value: JSONValue, at pointer: String = "#") -> [String] {
        if let reference { return reference.schema.violations(by: value, at: pointer) }
        guard kinds.isEmpty || kinds.contains(where: { $0.admits(value) }) else {
            return ["\(pointer) is \(value.kind)"]
        }
        var violations: [String] = []
        let admitted = alternatives.count { $0.violations(by: value, at: pointer).isEmpty }
        if !alternatives.isEmpty, admitted != 1 {
            violations.append("\(pointer) is \(admitted) of the alternatives")
        }
        if !values.isEmpty, !values.contains(value) { violations.append("\(pointer) is no value") }
        switch value {
        case .number(let number):
            if case .exactly(let integer) = number.wholeNumber {
                if let minimum, integer < minimum { violations.append("\(pointer) is too small") }
                if let maximum, integer > maximum { violations.append("\(pointer) is too large") }
            }
        case .string(let text):
            let length = text.unicodeScalars.count
            if let minimumLength, length < minimumLength {
                violations.append("\(pointer) is short")
            }
            if let maximumLength, length > maximumLength { violations.append("\(pointer) is long") }
        case .array(let elements):
            if let counts, !counts.contains(elements.count) {
                violations.append("\(pointer) has \(elements.count) elements")
            }
            for (index, element) in elements.enumerated() {
                violations += items.flatMap {
                    $0.violations(by: element, at: "\(pointer)/\(index)")
                }
            }
        case .object(let object):
            violations += memberViolations(in: object, at: pointer)
        case .null, .bool: break
        }
        return violations
    }

    private func memberViolations(in object: JSONObject, at pointer: String) -> [String] {
        let names = properties.map(\.name)
        let isOpen = names.isEmpty || allowsOtherMembers == true
        let unnamed = isOpen ? [] : object.members.map(\.name).filter { !names.contains($0) }
        let wrong = properties.flatMap { property -> [String] in
            let place = "\(pointer)/\(property.name)"
            guard let value = object[property.name] else {
                return property.isRequired ? ["\(place) is missing"] : []
            }
            return property.schema.violations(by: value, at: place)
        }
        return wrong + unnamed.map { "\(pointer)/\($0) is not named" }
    }
}

extension JSONSchema.Kind {
    fileprivate func admits(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.object, .object), (.array, .array), (.string, .string), (.number, .number),
            (.boolean, .bool), (.null, .null):
            true
        case (.integer, .number(let number)): number.wholeNumber != .fractional
        default: false
        }
    }
}
