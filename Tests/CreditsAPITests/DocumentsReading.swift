@testable import CreditsAPI

// A document is read back as a client would read it: parsed, and walked by name.

extension JSONValue {
    /// The member of that name; nil where there is none, or this is no object.
    subscript(_ name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var members: [JSONObject.Member] {
        if case .object(let object) = self { object.members } else { [] }
    }

    /// The value of every member of that name, however deep it stands.
    func all(_ name: String) -> [JSONValue] {
        let children = elements + members.map(\.value)
        return members.filter { $0.name == name }.map(\.value) + children.flatMap { $0.all(name) }
    }

    /// What `#/components/responses/NotFound` leads to.
    func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(self) { place, name in
            place?[String(name)]
        }
    }
}
