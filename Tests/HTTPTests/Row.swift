/// One row of the protocol as data: what it shows, and the section of the RFC that it is from.
protocol Row: CustomStringConvertible, Sendable {
    /// `9112 6.1`: RFC 9112, section 6.1.
    var section: String { get }
    var name: String { get }
    var text: String { get }
}

extension Row {
    var description: String { "\(section) \(name)" }
    var bytes: [UInt8] { Array(text.utf8) }
}
