import HTTP
import Ledger

/// Reads the members of a request's JSON object, and gathers what is wrong with each, so that a
/// client learns of all faults at once.
struct BodyReader {
    let object: JSONObject
    private(set) var errors: [FieldError] = []
    /// Where in the body the object stands: empty, or a JSON pointer that ends in a slash.
    private let path: String

    /// Reads an object within the body.
    init(_ object: JSONObject, at path: String) {
        self.object = object
        self.path = path
    }

    /// - Parameter isRequired: Whether no body at all is a problem, or counts as `{}`.
    init(_ request: IncomingRequest, isRequired: Bool = true) throws(Problem) {
        path = ""
        let body = request.request.body
        if body.isEmpty {
            guard !isRequired else {
                throw Problem(
                    type: .missingBody,
                    detail:
                        "This call needs a body: a JSON object. The docs at /docs have examples.")
            }
            object = JSONObject()
            return
        }
        try BodyMediaType.check(request.request)
        let value: JSONValue
        do {
            value = try JSONParser.parse(body)
        } catch {
            throw .malformed(error)
        }
        guard case .object(let object) = value else {
            let detail = "The body must be a JSON object, and is \(value.kind)."
            throw .invalid(.wholeBody, detail)
        }
        self.object = object
    }

    var problem: Problem { .invalid(errors) }

    mutating func refuse<Value>(_ member: String, _ detail: String) -> Value? {
        note(member, detail)
        return nil
    }

    /// Notes a fault; also one that shows only once the member is looked at from outside.
    mutating func note(_ member: String, _ detail: String) {
        errors.append(FieldError(place: .body(member: path + member), detail: detail))
    }

    /// Takes over what is wrong with an object within this one.
    mutating func take(errorsOf inner: BodyReader) {
        errors += inner.errors
    }
}

// MARK: - Members

extension BodyReader {
    /// A whole number of credits; nil, and an entry in `errors`, where there is none.
    mutating func amount() -> CreditAmount? {
        let example = "as in {\"amount\": 10}."
        guard let value = object["amount"] else {
            return refuse("amount", "amount is missing: send a whole number, \(example)")
        }
        guard case .number(let number) = value else {
            return refuse(
                "amount", "amount must be a number, and is \(value.kind): send it \(example)")
        }
        let range = CreditAmount.range
        switch number.wholeNumber {
        case .fractional:
            return refuse("amount", "amount must be a whole number: credits have no fractions.")
        case .exactly(let integer) where integer < range.lowerBound:
            return refuse(
                "amount", "amount must be \(range.lowerBound) or more, and is \(integer).")
        case .outOfRange where number.lexeme.hasPrefix("-"):
            return refuse("amount", "amount must be \(range.lowerBound) or more.")
        case .exactly(let integer):
            return CreditAmount(integer)
                ?? refuse("amount", "amount must be \(range.upperBound) or less.")
        case .outOfRange:
            return refuse("amount", "amount must be \(range.upperBound) or less.")
        }
    }

    /// nil where there is none; a null counts as none.
    mutating func reason() -> Reason? {
        guard let value = object["reason"], value != .null else { return nil }
        guard case .string(let text) = value else {
            return refuse("reason", "reason must be a string, and is \(value.kind).")
        }
        return Reason(text)
            ?? refuse(
                "reason",
                "reason must have at most \(Reason.maximumCharacters) characters, none of them NUL."
            )
    }

    /// nil where there is none; a null counts as none.
    mutating func metadata() -> Metadata? {
        guard let value = object["metadata"], value != .null else { return nil }
        guard case .object = value else {
            return refuse("metadata", "metadata must be a JSON object, and is \(value.kind).")
        }
        let json = String(decoding: value.sorted.encoded(), as: UTF8.self)
        guard let metadata = Metadata(json: json) else {
            return refuse(
                "metadata", "metadata must take at most \(Metadata.maximumBytes) bytes as JSON.")
        }
        guard value.isStorable else {
            return refuse(
                "metadata",
                "metadata must hold no NUL character and no number beyond double precision.")
        }
        return metadata
    }

    /// A string that has something in it besides white space.
    mutating func text(_ member: String, _ meaning: String) -> String? {
        guard let value = object[member] else {
            return refuse(member, "\(member) is missing: send \(meaning) as a string.")
        }
        guard case .string(let text) = value else {
            return refuse(
                member, "\(member) must be a string, and is \(value.kind): send \(meaning).")
        }
        guard !text.utf8.contains(0),
            text.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
        else {
            return refuse(member, "\(member) is empty or has a NUL in it: send \(meaning).")
        }
        return text
    }

    /// Another user's number.
    mutating func userID(_ member: String) -> UserID? {
        guard let value = object[member] else {
            return refuse(member, "\(member) is missing: send a user's number.")
        }
        guard case .number(let number) = value else {
            return refuse(member, "\(member) must be a user's number, and is \(value.kind).")
        }
        guard case .exactly(let integer) = number.wholeNumber, let user = UserID(integer) else {
            return refuse(member, "\(member) must be a whole number from 1 to \(Int64.max).")
        }
        return user
    }

    /// nil where there is none.
    mutating func flag(_ member: String) -> Bool? {
        guard let value = object[member] else { return nil }
        guard case .bool(let flag) = value else {
            return refuse(member, "\(member) must be true or false, and is \(value.kind).")
        }
        return flag
    }
}

extension JSONValue {
    /// Whether PostgreSQL's jsonb can hold it (chapter 8.14): no NUL, no number beyond bounds.
    fileprivate var isStorable: Bool {
        switch self {
        case .null, .bool: true
        case .number(let number): number.fitsDouble
        case .string(let text): !text.utf8.contains(0)
        case .array(let elements): elements.allSatisfy(\.isStorable)
        case .object(let object):
            object.members.allSatisfy { !$0.name.utf8.contains(0) && $0.value.isStorable }
        }
    }
}
