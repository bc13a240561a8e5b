/// The version of the protocol that a message speaks (RFC 9110 2.5).
package struct Version: Hashable, Comparable, Sendable {
    package let major: Int
    package let minor: Int

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    package static let http10 = Version(major: 1, minor: 0)
    package static let http11 = Version(major: 1, minor: 1)

    package static func < (left: Version, right: Version) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension Version: CustomStringConvertible {
    package var description: String { "HTTP/\(major).\(minor)" }
}
