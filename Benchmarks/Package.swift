// swift-tools-version: 6.1
import PackageDescription

// A timing loop of its own instead of ordo-one/benchmark: that has no instruction counters here (no perf events in a
// container) and takes 90 s to build, and what counts are ratios of two sides measured in turns, which it does not give.
let package = Package(
    name: "tidemark-benchmarks",
    dependencies: [
        .package(name: "tidemark", path: ".."),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "SessionCore", package: "tidemark"),
                .product(name: "SessionFormats", package: "tidemark"),
                .product(name: "MemcachedBackend", package: "tidemark"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ])
    ]
)
