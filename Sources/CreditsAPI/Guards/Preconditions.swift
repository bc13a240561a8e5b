import HTTP

/// Holds a write's preconditions (RFC 9110 13) against its resource, so that it is not performed as
/// if they had not been sent. What was routed to counts as existing; nothing has an entity tag.
///
/// - `If-Match` (13.1.1): `*` is true; a tag is never ours, and false.
/// - `If-Unmodified-Since` (13.1.4) must be ignored, because no resource has a modification date
///   that HTTP knows of; so must `If-Modified-Since` with a write (13.1.3).
/// - `If-None-Match` (13.1.2): `*` is false; tags are none of ours, and true.
///
/// In the order of 13.2.2. What cannot be read as either counts as false: a client that asks for
/// care is better refused than misunderstood.
enum Preconditions {
    static func check(_ fields: Fields) throws(Problem) {
        if let value = fields.value(of: .ifMatch) {
            guard value.elementsEqual([star]), fields.count(of: .ifMatch) == 1 else {
                throw .preconditionFailed(
                    "If-Match names an entity tag, and nothing here has one.")
            }
        }
        if fields.contains(.ifNoneMatch) {
            guard !fields.values(of: .ifNoneMatch).contains(where: namesAnything) else {
                throw .preconditionFailed(
                    "If-None-Match: * asks that there be nothing at this path, and there is.")
            }
        }
    }

    private static let star = UInt8(ascii: "*")

    /// Whether a star stands outside the quotes of entity tags, which know no escape (8.8.3).
    private static func namesAnything(_ value: String) -> Bool {
        var isInTag = false
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") { isInTag.toggle() }
            if byte == star, !isInTag { return true }
        }
        return isInTag
    }
}

extension Problem {
    static func preconditionFailed(_ reason: String) -> Problem {
        Problem(
            type: .preconditionFailed,
            detail: "\(reason) Nothing was changed. Send the request without the field; an "
                + "Idempotency-Key keeps a retried write from happening twice.")
    }
}
