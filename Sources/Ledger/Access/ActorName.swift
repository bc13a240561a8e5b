/// Who did something, as the columns `actor` name it: a key, a command, a timer. No secret.
package struct ActorName: Hashable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }
}
