/// Three users to try the service with, as a new private database gets them.
package struct DemoUsers: Sendable {
    package static let credits: Int64 = 100
    private static let names = ["Ada", "Grace", "Edsger"]

    private let service: CreditService

    package init(service: CreditService) {
        self.service = service
    }

    /// Makes the users who do not exist yet, each with 100 credits, through the ledger.
    package func create() async throws(LedgerError) {
        for name in Self.names {
            let email = "\(name.lowercased())@example.com"
            guard let new = NewUser(email: email, name: name),
                let amount = CreditAmount(Self.credits)
            else { preconditionFailure("the demo users are within the limits") }
            guard let user = try await service.createUser(new) else { continue }
            _ = try await service.perform(
                Command(user: user.id, change: .add(amount), reason: Reason("demo")))
        }
    }
}
