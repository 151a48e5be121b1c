// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "shop",
    dependencies: [
        .package(name: "tidemark", path: "../.."),
        // Without its traits it needs neither all of Foundation nor swift-configuration.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Shop",
            dependencies: [
                .product(name: "SessionClock", package: "tidemark"),
                .product(name: "SessionCore", package: "tidemark"),
                .product(name: "SessionFormats", package: "tidemark"),
                .product(name: "SessionHTTP", package: "tidemark"),
                .product(name: "MemcachedBackend", package: "tidemark"),
                .product(name: "SQLiteBackend", package: "tidemark"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "shop-server",
            dependencies: [
                "Shop", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ShopTests",
            dependencies: [
                "Shop", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "MemcachedBackend", package: "tidemark"),
                .product(name: "SessionClock", package: "tidemark"),
                .product(name: "SessionCore", package: "tidemark"),
                .product(name: "SessionFormats", package: "tidemark"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
    ]
)
