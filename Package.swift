// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")

let package = Package(
    name: "tidemark",
    products: [
        .library(name: "SessionCore", targets: ["SessionCore"]),
        .library(name: "SessionClock", targets: ["SessionClock"]),
        .library(name: "SessionFormats", targets: ["SessionFormats"]),
        .library(name: "MemcachedBackend", targets: ["MemcachedBackend"]),
        .library(name: "SQLiteBackend", targets: ["SQLiteBackend"]),
        .library(name: "SessionJournal", targets: ["SessionJournal"]),
        .library(name: "SessionHTTP", targets: ["SessionHTTP"]),
        .library(name: "CellGrid", targets: ["CellGrid"]),
        .executable(name: "tidemark", targets: ["tidemark"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
    ],
    targets: [
        .target(
            name: "SessionCore",
            dependencies: [collections, bigInt],
            swiftSettings: settings),
        .target(name: "SessionClock", dependencies: ["SessionCore"], swiftSettings: settings),
        .systemLibrary(name: "CZlib"),
        .target(
            name: "SessionFormats", dependencies: ["SessionCore", "CZlib", collections, bigInt, crypto],
            swiftSettings: settings),
        .target(
            name: "MemcachedBackend",
            dependencies: [
                "SessionCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "SQLiteBackend",
            dependencies: [
                "SessionCore", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "SessionHTTP",
            dependencies: ["SessionCore", crypto, .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: settings),
        .target(
            name: "SessionJournal", dependencies: ["SessionCore", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .target(name: "SessionCommands", dependencies: ["SessionCore", collections], swiftSettings: settings),
        .target(name: "CellGrid", swiftSettings: settings),
        .target(
            name: "Console", dependencies: ["SessionCommands", "SessionCore", "CellGrid", collections],
            swiftSettings: settings),
        .target(name: "CNcurses"),
        .target(name: "CursesTerminal", dependencies: ["CellGrid", "CNcurses"], swiftSettings: settings),
        .target(
            name: "ConsoleRuntime",
            dependencies: ["Console", "SessionCommands", "SessionCore", "CellGrid"],
            swiftSettings: settings),
        .executableTarget(
            name: "tidemark",
            dependencies: [
                "ConsoleRuntime", "CursesTerminal", "Console", "CellGrid", "SessionCommands", "MemcachedBackend",
                "SQLiteBackend", "SessionHTTP", "SessionJournal", "SessionFormats", "SessionClock", "SessionCore",
                collections,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            resources: [.embedInCode("DemoAssets")],
            swiftSettings: settings),
        .target(
            name: "StoreLaws", dependencies: ["SessionCore", "SessionClock"], path: "Tests/StoreLaws",
            swiftSettings: settings),
        .target(
            name: "RandomValues", dependencies: ["SessionCore", collections, bigInt], path: "Tests/RandomValues",
            swiftSettings: settings),
        .target(
            name: "SessionModel", dependencies: ["SessionCore", "RandomValues", collections],
            path: "Tests/SessionModel", swiftSettings: settings),
        .target(name: "FuzzCorpus", path: "Tests/FuzzCorpus", swiftSettings: settings),
        .target(name: "ProcessSpawning", path: "Tests/ProcessSpawning", swiftSettings: settings),
        .target(
            name: "MemcachedServer", dependencies: ["ProcessSpawning"], path: "Tests/MemcachedServer",
            swiftSettings: settings),
        .target(
            name: "TmuxSession", dependencies: ["ProcessSpawning"], path: "Tests/TmuxSession", swiftSettings: settings),
        .target(
            name: "FaultProxy",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/FaultProxy", swiftSettings: settings),
        .executableTarget(
            name: "session-writer",
            dependencies: [
                "MemcachedBackend", "MemcachedServer", "SQLiteBackend", "SessionClock", "SessionCore",
                "SessionFormats", "RandomValues",
            ],
            path: "Tests/SessionWriter", swiftSettings: settings),
        .executableTarget(
            name: "terminal-probe", dependencies: ["CellGrid", "CursesTerminal"], path: "Tests/TerminalProbe",
            swiftSettings: settings),
        .testTarget(
            name: "SessionCoreTests",
            dependencies: [
                "SessionCore", "SessionClock", "SessionModel", "StoreLaws", "RandomValues", collections, bigInt,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MemcachedBackendTests",
            dependencies: [
                "MemcachedBackend", "MemcachedServer", "SessionClock", "SessionCommands", "SessionCore",
                "SessionFormats",
                "SessionModel", "RandomValues", "StoreLaws", "FuzzCorpus",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SQLiteBackendTests",
            dependencies: [
                "SQLiteBackend", "MemcachedBackend", "MemcachedServer", "SessionClock", "SessionCommands",
                "SessionCore",
                "SessionFormats", "StoreLaws", collections,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"], swiftSettings: settings),
        .executableTarget(
            name: "journal-writer",
            dependencies: [
                "SessionJournal", "SQLiteBackend", "SessionCommands", "SessionFormats", "SessionClock", "SessionCore",
            ],
            path: "Tests/JournalWriter", swiftSettings: settings),
        .testTarget(
            name: "SessionJournalTests",
            dependencies: [
                "SessionJournal", "SQLiteBackend", "SessionCommands", "SessionFormats", "SessionClock", "SessionCore",
                "RandomValues", "StoreLaws", "ProcessSpawning", "TmuxSession", "journal-writer", collections,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SessionHTTPTests",
            dependencies: [
                "SessionHTTP", "SessionCore", "SessionFormats",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "CellGridTests", dependencies: ["CellGrid", "RandomValues", "FuzzCorpus"], swiftSettings: settings),
        .testTarget(
            name: "CursesTerminalTests",
            dependencies: ["CursesTerminal", "CellGrid", "CNcurses", "TmuxSession", "terminal-probe"],
            swiftSettings: settings),
        .testTarget(
            name: "SessionFormatsTests",
            dependencies: ["SessionFormats", "SessionCore", "RandomValues", "FuzzCorpus", collections, bigInt],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "SessionCommandsTests",
            dependencies: ["SessionCommands", "SessionFormats", "SessionCore", "RandomValues", collections],
            swiftSettings: settings),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "ConsoleRuntime", "SessionCommands", "SessionFormats", "SessionCore", "CellGrid",
                "RandomValues", collections,
                .product(name: "CustomDump", package: "swift-custom-dump"),
            ],
            exclude: ["Screens"], swiftSettings: settings),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "FaultProxy", "session-writer", "MemcachedBackend", "MemcachedServer", "SQLiteBackend",
                "SessionClock", "SessionCore", "SessionFormats", "RandomValues", "ProcessSpawning", collections,
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["tidemark", "TmuxSession", "MemcachedServer", "ProcessSpawning"],
            swiftSettings: settings
        ),
    ]
)
