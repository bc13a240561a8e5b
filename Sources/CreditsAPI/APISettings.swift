/// What the API wants to know of its surroundings.
package struct APISettings: Sendable {
    /// The version of the service, as its documents say it.
    package var version: String
    /// Whether the server can be reached from this machine only.
    package var isLoopbackOnly: Bool
    /// What guards the administrator's calls; nil leaves them open, for trying out.
    var administratorToken: AdministratorToken?
    /// Names besides the loopback ones under which an open server answers.
    package var allowedHosts: [String]
    /// Where the files of Swagger UI are; nil for the docs page of our own.
    package var docsDirectory: String?

    /// - Parameter adminToken: An empty one would guard nothing, and counts as none.
    package init(
        version: String, isLoopbackOnly: Bool, adminToken: String? = nil,
        allowedHosts: [String] = [], docsDirectory: String? = nil
    ) {
        self.version = version
        self.isLoopbackOnly = isLoopbackOnly
        administratorToken = adminToken.flatMap(AdministratorToken.init)
        self.allowedHosts = allowedHosts
        self.docsDirectory = docsDirectory
    }
}
