// swift-tools-version: 6.2
import PackageDescription

// The fuzz targets; `scripts/fuzz` builds and runs them.
//
// A package of its own, because libFuzzer brings a `main`, with which the test bundle of a package
// could not be linked. It sees the sources through links, as targets of its own: so all of them are
// instrumented, `package` reaches them, and the package above needs no product for it, nor testable
// releases. The properties are linked too: the mutation tests of the ordinary suite ask the same.
//
// The executables are C without code, because SwiftPM looks for a Swift program's own `main`.

let fuzzed: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer", "-enable-testing"]),
]
let withFuzzersMain: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer"])]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "credits-fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
    targets: [
        .executableTarget(
            name: "fuzz-http", dependencies: ["HTTPFuzz"], linkerSettings: withFuzzersMain),
        .executableTarget(
            name: "fuzz-json", dependencies: ["JSONFuzz"], linkerSettings: withFuzzersMain),
        .target(name: "HTTPFuzz", dependencies: ["HTTP"], swiftSettings: fuzzed),
        .target(
            name: "JSONFuzz", dependencies: ["CreditsAPI", "HTTP", "Ledger"],
            swiftSettings: fuzzed),

        // As in the package above
        .target(name: "CLinux"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(name: "Cryptography", dependencies: ["CCrypto"], swiftSettings: fuzzed),
        .target(name: "HTTP", swiftSettings: fuzzed),
        .target(name: "Reactor", dependencies: ["CLinux"], swiftSettings: fuzzed),
        .target(
            name: "Postgres", dependencies: ["CPostgres", "Reactor", logging],
            swiftSettings: fuzzed),
        .target(
            name: "Ledger", dependencies: ["Cryptography", "Postgres", logging],
            resources: [.embedInCode("schema.sql")], swiftSettings: fuzzed),
        .target(
            name: "CreditsAPI", dependencies: ["HTTP", "Ledger", logging], swiftSettings: fuzzed),
    ]
)
