// swift-tools-version: 6.1
import PackageDescription

// A package of its own, because everything in it is built with libFuzzer's instrumentation: `make fuzz` builds and runs it.
let package = Package(
    name: "tidemark-fuzzers",
    dependencies: [.package(name: "tidemark", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                .product(name: "CellGrid", package: "tidemark"),
                .product(name: "MemcachedBackend", package: "tidemark"),
                .product(name: "SessionCore", package: "tidemark"),
                .product(name: "SessionFormats", package: "tidemark"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                // libFuzzer brings main.
                .unsafeFlags(["-parse-as-library"]),
            ])
    ]
)
