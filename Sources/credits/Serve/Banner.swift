/// What `credits serve` prints when it is ready: where everything is, and a first thing to try.
struct Banner {
    enum Database {
        /// The folder, and the words with which psql finds it.
        case ownCluster(folder: String, connection: String)
        /// Without its password.
        case given(String)
    }

    let version: String
    let host: String
    let port: Int
    let database: Database
    let hasDemoUsers: Bool
    let hasKeys: Bool

    var text: String {
        var lines = [
            "",
            "Credits \(version) is ready.",
            "",
            "  API       \(base)/api/credits/1",
            "  Docs      \(base)/docs",
            "  Database  \(databaseLine)",
        ]
        if case .ownCluster(_, let connection) = database {
            lines.append("            psql \"\(connection)\"")
        }
        if hasDemoUsers {
            lines += ["", "  Users 1, 2 and 3 were made to try it with; each has 100 credits."]
        }
        lines += ["", "  Try       \(tryLine)", ""]
        if !hasKeys {
            lines += [
                "  Open to everybody on this machine: there is no key, and ADMIN_TOKEN is not set.",
                "",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// An address that a client on this machine can use: a wildcard address is none.
    var base: String {
        let name =
            switch host {
            case "0.0.0.0", "::", "127.0.0.1", "::1", "localhost": "localhost"
            case _ where host.contains(":") && !host.hasPrefix("["): "[\(host)]"
            default: host
            }
        return "http://\(name):\(port)"
    }

    private var databaseLine: String {
        switch database {
        case .ownCluster(let folder, _): "private PostgreSQL in \(folder)"
        case .given(let address): address
        }
    }

    private var tryLine: String {
        let key = hasKeys ? " -H \"Authorization: Bearer YOUR_KEY\"" : ""
        return "curl\(key) \(base)/api/credits/1"
    }
}
