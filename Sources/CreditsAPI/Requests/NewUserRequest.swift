import HTTP
import Ledger

struct NewUserRequest: RequestInput {
    let user: NewUser

    init(_ request: IncomingRequest) throws(Problem) {
        var body = try BodyReader(request)
        let email = body.text("email", "an e-mail address")
        let name = body.text("name", "the user's name")
        if let email, !NewUser.isAddress(email) {
            body.note("email", "email must be an address such as ada@example.com.")
        }
        if let email { body.checkLength("email", email, NewUser.emailLengths) }
        if let name { body.checkLength("name", name, NewUser.nameLengths) }
        guard body.errors.isEmpty, let email, let name,
            let user = NewUser(email: email, name: name)
        else { throw body.problem }
        self.user = user
    }
}

extension BodyReader {
    fileprivate mutating func checkLength(
        _ member: String, _ text: String, _ lengths: ClosedRange<Int>
    ) {
        guard !lengths.contains(text.unicodeScalars.count) else { return }
        let range = "\(lengths.lowerBound) to \(lengths.upperBound)"
        note(member, "\(member) must have \(range) characters.")
    }
}
