import HTTP

/// The secret of ADMIN_TOKEN: it can be compared, and neither read nor printed.
struct AdministratorToken: Sendable {
    private let bytes: [UInt8]

    /// nil for an empty one, which would guard nothing.
    init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }

    /// Takes a time that tells nothing of the token: it depends on the length of `text` alone.
    func matches(_ text: String) -> Bool {
        let given = Array(text.utf8)
        var difference = UInt64(bytes.count ^ given.count)
        for (index, byte) in given.enumerated() {
            difference |= UInt64(byte ^ bytes[index % bytes.count])
        }
        return difference == 0
    }
}

extension AdministratorToken: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    var description: String { "<hidden>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension AdministratorToken {
    /// Lets a request pass that shows the token as `Authorization: Bearer` (RFC 6750, 2.1) or as
    /// `X-Admin-Token`.
    func check(_ fields: Fields) throws(Problem) {
        let given =
            fields.values(of: .adminToken)
            + fields.values(of: .authorization).compactMap(Self.bearerToken)
        guard !given.isEmpty else {
            throw Problem(
                type: .authenticationRequired,
                detail: "This call is the administrator's: send Authorization: Bearer with the "
                    + "server's ADMIN_TOKEN, or X-Admin-Token.",
                fields: [("WWW-Authenticate", "Bearer realm=\"credits\"")])
        }
        guard given.contains(where: matches) else {
            throw Problem(
                type: .wrongAdministratorToken,
                detail: "The token sent is not the server's ADMIN_TOKEN.")
        }
    }

    private static func bearerToken(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
