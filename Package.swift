// swift-tools-version: 6.2
import PackageDescription

let everywhere: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
/// For targets that touch neither a descriptor nor a C pointer: unsafe code in them needs a mark.
let memorySafe = everywhere + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "credits",
    products: [.executable(name: "credits", targets: ["credits"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C headers
        .target(name: "CLinux"),
        .systemLibrary(
            name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Bytes, messages, sockets
        .target(name: "HTTP", swiftSettings: memorySafe),
        .target(name: "Reactor", dependencies: ["CLinux"], swiftSettings: everywhere),
        .target(
            name: "HTTPServer", dependencies: ["CLinux", "HTTP", "Reactor", logging],
            swiftSettings: everywhere),

        // Hashes and randomness
        .target(name: "Cryptography", dependencies: ["CCrypto"], swiftSettings: everywhere),

        // The database
        .target(
            name: "Postgres", dependencies: ["CPostgres", "Reactor", logging],
            swiftSettings: everywhere),
        .target(
            name: "PrivatePostgres", dependencies: ["CPostgres", logging],
            swiftSettings: everywhere),

        // Credits
        .target(
            name: "Ledger", dependencies: ["Cryptography", "Postgres", logging],
            resources: [.embedInCode("schema.sql")], swiftSettings: memorySafe),
        .target(
            name: "CreditsAPI", dependencies: ["HTTP", "Ledger", logging],
            swiftSettings: memorySafe),
        .executableTarget(
            name: "credits",
            dependencies: [
                "CreditsAPI", "HTTP", "HTTPServer", "Ledger", "Postgres", "PrivatePostgres",
                "Reactor", argumentParser, configuration, logging, lifecycle,
            ],
            swiftSettings: everywhere),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: ["CPostgres", "Postgres", "PrivatePostgres", "Reactor", logging],
            path: "Tests/TestSupport", swiftSettings: everywhere),
        .testTarget(name: "ArchitectureTests", swiftSettings: everywhere),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: everywhere),
        .testTarget(
            name: "ReactorTests", dependencies: ["Reactor"], swiftSettings: everywhere),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["HTTP", "HTTPServer", "Reactor", logging],
            swiftSettings: everywhere),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["CPostgres", "Postgres", "Reactor", "TestSupport", logging],
            swiftSettings: everywhere),
        .testTarget(
            name: "PrivatePostgresTests",
            dependencies: ["PrivatePostgres", "TestSupport", logging],
            swiftSettings: everywhere),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "Postgres", "Reactor", "TestSupport", logging],
            swiftSettings: everywhere),
        .testTarget(
            name: "CreditsAPITests",
            dependencies: [
                "CreditsAPI", "HTTP", "Ledger", "Postgres", "Reactor", "TestSupport", logging,
            ],
            swiftSettings: everywhere),
        .testTarget(
            name: "CreditsTests",
            dependencies: [
                "credits", "HTTPServer", "Ledger", "Postgres", "PrivatePostgres", "Reactor",
                "TestSupport", argumentParser, logging, lifecycle,
            ],
            swiftSettings: everywhere),
    ]
)
