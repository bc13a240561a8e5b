// swift-tools-version: 6.1
import PackageDescription

// Built as Hummingbird's own template does it, with jemalloc and Swift's library linked in:
//     swift build -c release --static-swift-stdlib -Xlinker -ljemalloc
let package = Package(
    name: "hummingbird-http",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1")
    ],
    targets: [
        .executableTarget(
            name: "hummingbird-http",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Sources")
    ]
)
