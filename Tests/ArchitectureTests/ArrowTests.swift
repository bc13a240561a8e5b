import Testing

@Suite("Who may see whom")
struct ArrowTests {
    /// The whole architecture: each target, and every module that its files may import.
    static let arrows: [String: Set<String>] = [
        "credits": [
            "CreditsAPI", "HTTPServer", "PrivatePostgres", "Ledger", "Postgres", "HTTP", "Reactor",
            "ArgumentParser", "Configuration", "Logging", "ServiceLifecycle", "UnixSignals",
            "Dispatch", "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "CreditsAPI": ["HTTP", "Ledger", "Logging", "FoundationEssentials", "Synchronization"],
        "HTTPServer": [
            "HTTP", "Reactor", "CLinux", "Logging", "Dispatch", "Glibc", "Synchronization",
        ],
        "Ledger": [
            "Cryptography", "Postgres", "Logging", "Dispatch", "FoundationEssentials",
            "Synchronization",
        ],
        "Cryptography": ["CCrypto"],
        "CCrypto": [],
        "Postgres": [
            "Reactor", "CPostgres", "Logging", "Dispatch", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "PrivatePostgres": [
            "CLinux", "CPostgres", "Logging", "Dispatch", "FoundationEssentials", "Glibc",
        ],
        "Reactor": ["CLinux", "Dispatch", "Glibc", "Synchronization"],
        "HTTP": [],
        "CLinux": [],
        "CPostgres": [],
    ]

    @Test(arguments: arrows.keys.sorted())
    func `a target imports only what lies below it`(target: String) throws {
        let allowed = try #require(Self.arrows[target])
        for file in try Repository.current.swiftFiles(in: ["Sources/" + target]) {
            for (number, line) in file.code {
                guard let module = Self.importedModule(line) else { continue }
                #expect(allowed.contains(module), "\(file):\(number) imports \(module)")
            }
        }
    }

    @Test func `every folder of the sources is in the table`() throws {
        #expect(try Repository.current.folders(in: "Sources") == Self.arrows.keys.sorted())
    }

    @Test func `the arrows make no circle`() {
        var rest = Self.arrows
        while let leaf = rest.first(where: { $0.value.isDisjoint(with: rest.keys) })?.key {
            rest[leaf] = nil
        }
        #expect(rest.isEmpty)
    }

    @Test(arguments: [
        ("import HTTP", "HTTP"), ("package import Ledger", "Ledger"),
        ("@testable import Postgres", "Postgres"), ("import struct HTTP.Status", "HTTP"),
        ("@preconcurrency internal import Reactor", "Reactor"), ("important()", nil),
    ])
    func `an import is recognised in every spelling`(line: String, module: String?) {
        #expect(Self.importedModule(line[...]) == module)
    }

    /// The module that the line imports; `nil` when it is no import.
    private static func importedModule(_ line: Substring) -> String? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let position = words.firstIndex(of: "import"),
            words[..<position].allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) })
        else { return nil }
        let name = words[(position + 1)...].first { !kinds.contains($0) }
        return name.map { String($0.prefix { $0 != "." && $0 != ";" }) }
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
    ]
}
