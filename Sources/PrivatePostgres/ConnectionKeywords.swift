/// Connection strings in libpq's keyword form (PostgreSQL, "Connection Strings").
enum ConnectionKeywords {
    static func text(
        socketFolder: String, port: String = SocketFolder.port, database: String, user: String
    ) -> String {
        let pairs = [
            ("host", socketFolder), ("port", port), ("dbname", database), ("user", user),
        ]
        return pairs.map { "\($0)=\(quoted($1))" }.joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-".utf8.contains(byte)
            }
        }
        guard !isPlain || value.isEmpty else { return value }
        var quoted = "'"
        for character in value {
            if character == "'" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "'"
    }
}
