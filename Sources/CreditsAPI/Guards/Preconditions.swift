import HTTP

/// Holds a request's preconditions (RFC 9110 13) against its resource, in the order of 13.2.2. What
/// was routed to counts as existing; only documents have an entity tag.
///
/// A write's are held before it is performed, so that it is not performed as if they had not been
/// sent: nothing that can be written has a tag.
/// - `If-Match` (13.1.1): `*` is true; a tag is never ours, and false.
/// - `If-None-Match` (13.1.2): `*` is false; tags are none of ours, and true.
///
/// A read's are held against its answer, since they count only where that is a 2xx (13.2.1).
/// - `If-Match`: `*` is true, and so is the document's tag; else 412.
/// - `If-None-Match`: `*` is false, and so is the document's tag, weak or not: 304.
///
/// `If-Unmodified-Since` (13.1.4) and `If-Modified-Since` (13.1.3) must be ignored, because no
/// resource has a modification date that HTTP knows of. What cannot be read counts as false where
/// something is at stake, which a client that asks for care would rather have refused than
/// misunderstood; an unreadable `If-None-Match` of a read costs its sender the whole answer.
enum Preconditions {
    static func check(write fields: Fields) throws(Problem) {
        switch EntityTags(.ifMatch, in: fields) {
        case nil, .any?: break
        case .these?, .unreadable?:
            throw .preconditionFailed(
                "If-Match names an entity tag, and nothing that can be written has one. "
                    + nothingChanged)
        }
        if fields.contains(.ifNoneMatch) {
            guard !fields.values(of: .ifNoneMatch).contains(where: namesAnything) else {
                throw .preconditionFailed(
                    "If-None-Match: * asks that there be nothing at this path, and there is. "
                        + nothingChanged)
            }
        }
    }

    private static let nothingChanged =
        "Nothing was changed. Send the request without the field; an Idempotency-Key keeps a "
        + "retried write from happening twice."

    /// Whether a read has any: the one look that every read pays.
    static func stand(in fields: Fields) -> Bool {
        fields.contains(.ifMatch, or: .ifNoneMatch)
    }

    /// What a read's answer becomes.
    static func hold(read fields: Fields, _ response: Response) throws(Problem) -> Response {
        guard response.status.isSuccess else { return response }
        let tag = response.fields.value(of: .etag)
        switch EntityTags(.ifMatch, in: fields) {
        case nil, .any?: break
        case .these(let tags)? where tags.contains { !$0.isWeak && $0.opaque == tag }: break
        case .these?, .unreadable?:
            throw .preconditionFailed(
                "If-Match names no entity tag that this has now. Send the request without the "
                    + "field.")
        }
        switch EntityTags(.ifNoneMatch, in: fields) {
        case .any?: return response.notModified
        case .these(let tags)? where tags.contains { $0.opaque == tag }: return response.notModified
        case nil, .these?, .unreadable?: return response
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

extension Handler.Work {
    /// The work of a read, under the preconditions in these fields.
    func held(against fields: Fields) throws(Problem) -> Handler.Work {
        switch self {
        case .done(let response): .done(try Preconditions.hold(read: fields, response))
        case .waiting, .bringing:
            .waiting { () async throws(Problem) in
                try Preconditions.hold(read: fields, try await response())
            }
        }
    }
}

extension Response {
    /// Without its content, and with what a cache has to know (RFC 9110 15.4.5).
    fileprivate var notModified: Response {
        var response = Response(status: .notModified)
        for name in [FieldName.cacheControl, .etag, .vary] {
            for value in fields.values(of: name) { response.fields.append(name, value) }
        }
        return response
    }
}

extension Problem {
    static func preconditionFailed(_ detail: String) -> Problem {
        Problem(type: .preconditionFailed, detail: detail)
    }
}
