// swift-tools-version: 6.2
import PackageDescription

// The floors of the house, from the ground up. A floor imports floors below it only; within a floor only the arrows
// named here exist, and the build refuses any other import (--explicit-target-dependency-import-check error).

/// C headers as modules, so that the drivers can import them.
let system: [Target] = [
    .systemLibrary(name: "CCurl", path: "Sources/System/CCurl"),
    .systemLibrary(name: "CLibFCGI", path: "Sources/System/CLibFCGI"),
    .systemLibrary(name: "CLinux", path: "Sources/System/CLinux"),
    .systemLibrary(name: "CPostgreSQL", path: "Sources/System/CPostgreSQL"),
    .systemLibrary(name: "CSodium", path: "Sources/System/CSodium"),
    .systemLibrary(name: "CSQLite", path: "Sources/System/CSQLite"),
]

/// One small module per C library: the only code that says `unsafe`.
let drivers: [Target] = [
    .target(name: "Linux", dependencies: ["CLinux"], path: "Sources/Drivers/Linux"),
    .target(name: "FastCGI", dependencies: ["CLibFCGI", "Linux"], path: "Sources/Drivers/FastCGI"),
    .target(name: "SharedMemory", dependencies: ["Linux", "CLinux"], path: "Sources/Drivers/SharedMemory"),
    .target(name: "SQLite", dependencies: ["CSQLite"], path: "Sources/Drivers/SQLite"),
    .target(name: "PostgreSQL", dependencies: ["CPostgreSQL", "Linux"], path: "Sources/Drivers/PostgreSQL"),
    .target(name: "Cryptography", dependencies: ["CSodium"], path: "Sources/Drivers/Cryptography"),
    .target(name: "Curl", dependencies: ["CCurl"], path: "Sources/Drivers/Curl"),
]

/// The patterns, free of any product word.
let kit: [Target] = [
    .target(name: "JSON", path: "Sources/Kit/JSON"),
    .target(
        name: "Configuration",
        dependencies: ["JSON", .product(name: "Yams", package: "Yams")],
        path: "Sources/Kit/Configuration"
    ),
    .target(
        name: "Observability",
        dependencies: ["SharedMemory", "JSON", "Linux", .product(name: "Logging", package: "swift-log")],
        path: "Sources/Kit/Observability"
    ),
    .target(
        name: "Database",
        dependencies: ["SQLite", "PostgreSQL", "SharedMemory", "JSON", "Linux"],
        path: "Sources/Kit/Database"
    ),
    .target(name: "Caching", dependencies: ["SharedMemory", "Linux"], path: "Sources/Kit/Caching"),
    .target(name: "Base64", path: "Sources/Kit/Base64"),
    .target(name: "Pagination", dependencies: ["Base64"], path: "Sources/Kit/Pagination"),
    .target(name: "RateLimiting", dependencies: ["SharedMemory"], path: "Sources/Kit/RateLimiting"),
    .target(name: "Console", dependencies: ["Linux"], path: "Sources/Kit/Console"),
    .target(name: "GraphQL", dependencies: ["JSON"], path: "Sources/Kit/GraphQL"),
    .target(name: "Events", dependencies: ["SharedMemory", "JSON", "Linux"], path: "Sources/Kit/Events"),
    .target(name: "Mail", dependencies: ["Base64", "Curl", "JSON", "Linux"], path: "Sources/Kit/Mail"),
    .target(name: "HTTPPipeline", dependencies: ["JSON"], path: "Sources/Kit/HTTPPipeline"),
    .target(name: "OpenAPI", dependencies: ["HTTPPipeline", "JSON"], path: "Sources/Kit/OpenAPI"),
    .target(
        name: "Stages",
        dependencies: ["HTTPPipeline", "FastCGI", "RateLimiting", "Database", "Observability", "JSON", "Linux"],
        path: "Sources/Kit/Stages"
    ),
    .target(
        name: "WorkerPool",
        dependencies: ["FastCGI", "SharedMemory", "JSON", "Linux", .product(name: "Logging", package: "swift-log")],
        path: "Sources/Kit/WorkerPool"
    ),
]

/// The product.
let accounts: [Target] = [
    .target(name: "Domain", path: "Sources/Accounts/Domain"),
    .target(name: "Services", dependencies: ["Domain"], path: "Sources/Accounts/Services"),
    .target(
        name: "Storage",
        dependencies: ["Domain", "Database", "Caching", "Events", "JSON"],
        path: "Sources/Accounts/Storage"
    ),
    .target(
        name: "Security",
        dependencies: ["Domain", "Cryptography", "Observability", "SharedMemory", "Linux"],
        path: "Sources/Accounts/Security"
    ),
    .target(
        name: "API",
        dependencies: [
            "Services", "Domain", "HTTPPipeline", "OpenAPI", "GraphQL", "Stages", "Observability", "RateLimiting",
            "Pagination", "Caching", "Base64", "JSON",
        ],
        path: "Sources/Accounts/API"
    ),
    .target(
        name: "Consumers",
        dependencies: ["Services", "Domain", "Events", "Mail", "Base64", "Cryptography", "Curl", "JSON"],
        path: "Sources/Accounts/Consumers"
    ),
    .target(
        name: "Doctor",
        dependencies: [
            "Services", "Security", "Storage", "WorkerPool", "Database", "JSON", "Cryptography", "Curl", "Linux",
        ],
        path: "Sources/Accounts/Doctor"
    ),
]

/// The command line, and the one place where concrete parts meet.
let program: [Target] = [
    .executableTarget(
        name: "gatehouse",
        dependencies: [
            "API", "Consumers", "Doctor", "Services", "Domain", "Storage", "Security",
            "WorkerPool", "Stages", "HTTPPipeline", "GraphQL", "Pagination", "Database", "Caching", "RateLimiting",
            "Events", "Mail", "Configuration", "Console", "Observability", "JSON",
            "Cryptography", "Curl", "FastCGI", "PostgreSQL", "SharedMemory", "Linux",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
        ],
        path: "Sources/gatehouse"
    )
]

/// Tests mirror the sources.
let tests: [Target] = [
    .target(name: "TestSupport", dependencies: ["Domain", "RandomTestSupport"], path: "Tests/TestSupport"),
    .target(
        name: "StorageTestSupport",
        dependencies: ["Storage", "Database", "TestSupport"],
        path: "Tests/StorageTestSupport"
    ),
    .target(name: "RandomTestSupport", path: "Tests/RandomTestSupport"),
    .target(name: "LinuxTestSupport", dependencies: ["Linux"], path: "Tests/LinuxTestSupport"),
    // A PostgreSQL server of the tests' own.
    .target(
        name: "PostgreSQLTestSupport",
        dependencies: ["PostgreSQL", "Linux", "LinuxTestSupport"],
        path: "Tests/PostgreSQLTestSupport"
    ),
    // A strict reader of what monitoring reads.
    .target(name: "MetricsTestSupport", path: "Tests/MetricsTestSupport"),
    .target(name: "FastCGITestSupport", dependencies: ["Linux"], path: "Tests/FastCGITestSupport"),
    // A pool without a product, for the tests of the supervisor.
    .executableTarget(
        name: "pool-probe",
        dependencies: [
            "WorkerPool", "Observability", "FastCGI", "SharedMemory", "Linux",
            .product(name: "Logging", package: "swift-log"),
        ],
        path: "Tests/PoolProbe"
    ),
    // Streams that no web server sends, against a worker in a process of its own; see scripts/fuzz.
    .executableTarget(
        name: "stream-fuzzer",
        dependencies: [
            "WorkerPool", "FastCGI", "Linux", "FastCGITestSupport", .product(name: "Logging", package: "swift-log"),
        ],
        path: "Tests/StreamFuzzer"
    ),
    // The reader and writer of JSON as a program, to hold against a parser of another language.
    .executableTarget(
        name: "json-probe",
        dependencies: ["JSON", "Linux"],
        path: "Tests/JSONProbe",
        exclude: ["differential.py"]
    ),
    // The reader, rules and executor of GraphQL as a program, to hold against an implementation of another language.
    .executableTarget(
        name: "graphql-probe",
        dependencies: ["GraphQL", "JSON", "Linux"],
        path: "Tests/GraphQLProbe",
        exclude: [
            "differential.py", "execution.py", "harvest.py", "operations.py", "validation.py", "differences.jsonl",
            "requirements.txt", "shapes.graphql",
        ]
    ),

    .target(
        name: "SharedMemoryTestSupport",
        dependencies: ["SharedMemory", "Linux", "LinuxTestSupport"],
        path: "Tests/SharedMemoryTestSupport"
    ),
    // One of several processes that share memory, for tests and figures.
    .executableTarget(
        name: "shared-memory-probe",
        dependencies: ["SharedMemory", "SharedMemoryTestSupport", "Linux"],
        path: "Tests/SharedMemoryProbe"
    ),

    // One of several processes that change a database until they are killed.
    .executableTarget(
        name: "write-probe",
        dependencies: ["Database", "SharedMemory", "Linux", "LinuxTestSupport"],
        path: "Tests/WriteProbe"
    ),
    .target(name: "MigrationTestSupport", dependencies: ["Database"], path: "Tests/MigrationTestSupport"),
    // A migrator that is killed, for tests of what becomes of the schema.
    .executableTarget(
        name: "migration-probe",
        dependencies: ["Database", "PostgreSQL", "Linux", "MigrationTestSupport"],
        path: "Tests/MigrationProbe"
    ),
    // A relay that is killed, for tests of what becomes of events.
    .executableTarget(
        name: "event-probe",
        dependencies: ["Storage", "Consumers", "Domain", "Database", "Events", "Linux"],
        path: "Tests/EventProbe"
    ),
    // What the repositories take on either engine, for figures.
    .executableTarget(
        name: "storage-probe",
        dependencies: ["Storage", "Domain", "Database", "PostgreSQL", "Linux"],
        path: "Tests/StorageProbe"
    ),
    .target(
        name: "RateLimitingTestSupport",
        dependencies: ["RateLimiting", "SharedMemory"],
        path: "Tests/RateLimitingTestSupport"
    ),
    // One of several processes that share a table of limits, for tests and figures.
    .executableTarget(
        name: "rate-limit-probe",
        dependencies: ["RateLimiting", "RateLimitingTestSupport", "Linux"],
        path: "Tests/RateLimitProbe"
    ),
    // One of several processes that read through caches, for tests and figures.
    .executableTarget(
        name: "cache-probe",
        dependencies: ["Caching", "Database", "SharedMemory", "Linux"],
        path: "Tests/CacheProbe"
    ),

    .testTarget(name: "LinuxTests", dependencies: ["Linux", "LinuxTestSupport"], path: "Tests/Drivers/LinuxTests"),
    .testTarget(
        name: "FastCGITests",
        dependencies: ["FastCGI", "Linux", "FastCGITestSupport"],
        path: "Tests/Drivers/FastCGITests"
    ),
    .testTarget(
        name: "SharedMemoryTests",
        dependencies: [
            "SharedMemory", "SharedMemoryTestSupport", "Linux", "LinuxTestSupport", "shared-memory-probe",
        ],
        path: "Tests/Drivers/SharedMemoryTests"
    ),
    .testTarget(
        name: "CurlTests",
        dependencies: ["Curl", "Linux", "LinuxTestSupport"],
        path: "Tests/Drivers/CurlTests"
    ),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], path: "Tests/Drivers/CryptographyTests"),
    .testTarget(
        name: "SQLiteTests",
        dependencies: ["SQLite", "Linux", "LinuxTestSupport"],
        path: "Tests/Drivers/SQLiteTests"
    ),
    .testTarget(
        name: "PostgreSQLTests",
        dependencies: ["PostgreSQL", "Linux", "LinuxTestSupport", "PostgreSQLTestSupport"],
        path: "Tests/Drivers/PostgreSQLTests"
    ),

    .testTarget(
        name: "JSONTests",
        dependencies: ["JSON", "json-probe", "Linux", "LinuxTestSupport", "RandomTestSupport"],
        path: "Tests/Kit/JSONTests"
    ),
    .testTarget(
        name: "GraphQLTests",
        dependencies: ["GraphQL", "JSON", "LinuxTestSupport", "RandomTestSupport"],
        path: "Tests/Kit/GraphQLTests"
    ),
    .testTarget(
        name: "ConfigurationTests",
        dependencies: ["Configuration", "RandomTestSupport"],
        path: "Tests/Kit/ConfigurationTests"
    ),
    .testTarget(
        name: "DatabaseTests",
        dependencies: [
            "Database", "SharedMemory", "SQLite", "PostgreSQL", "JSON", "Linux", "LinuxTestSupport",
            "PostgreSQLTestSupport", "MigrationTestSupport", "write-probe", "migration-probe",
        ],
        path: "Tests/Kit/DatabaseTests",
        exclude: ["PowerLoss.c"]
    ),
    .testTarget(
        name: "CachingTests",
        dependencies: [
            "Caching", "SharedMemory", "Linux", "LinuxTestSupport", "RandomTestSupport", "cache-probe",
        ],
        path: "Tests/Kit/CachingTests"
    ),
    .testTarget(
        name: "HTTPPipelineTests",
        dependencies: ["HTTPPipeline", "JSON"],
        path: "Tests/Kit/HTTPPipelineTests"
    ),
    .testTarget(
        name: "OpenAPITests",
        dependencies: ["OpenAPI", "HTTPPipeline", "JSON"],
        path: "Tests/Kit/OpenAPITests"
    ),
    .testTarget(
        name: "RateLimitingTests",
        dependencies: [
            "RateLimiting", "RateLimitingTestSupport", "Linux", "LinuxTestSupport", "rate-limit-probe",
        ],
        path: "Tests/Kit/RateLimitingTests"
    ),
    .testTarget(
        name: "EventsTests",
        dependencies: ["Events", "SharedMemory", "Linux", "LinuxTestSupport", "RandomTestSupport"],
        path: "Tests/Kit/EventsTests"
    ),
    .testTarget(
        name: "MailTests",
        dependencies: ["Mail", "Curl", "Linux", "LinuxTestSupport"],
        path: "Tests/Kit/MailTests"
    ),
    .testTarget(name: "Base64Tests", dependencies: ["Base64"], path: "Tests/Kit/Base64Tests"),
    .testTarget(name: "PaginationTests", dependencies: ["Pagination"], path: "Tests/Kit/PaginationTests"),
    .testTarget(name: "ConsoleTests", dependencies: ["Console"], path: "Tests/Kit/ConsoleTests"),
    .testTarget(
        name: "StagesTests",
        dependencies: [
            "Stages", "HTTPPipeline", "FastCGI", "RateLimiting", "Database", "Observability", "SharedMemory", "JSON",
            "Linux", "LinuxTestSupport", "MetricsTestSupport",
        ],
        path: "Tests/Kit/StagesTests"
    ),

    .testTarget(
        name: "ObservabilityTests",
        dependencies: ["Observability", "SharedMemory", "Linux", "JSON", "LinuxTestSupport", "MetricsTestSupport"],
        path: "Tests/Kit/ObservabilityTests"
    ),
    .testTarget(
        name: "WorkerPoolTests",
        dependencies: [
            "WorkerPool", "FastCGI", "SharedMemory", "Linux", "JSON", "pool-probe", "stream-fuzzer",
            "FastCGITestSupport", "LinuxTestSupport",
            .product(name: "Logging", package: "swift-log"),
        ],
        path: "Tests/Kit/WorkerPoolTests"
    ),

    .testTarget(name: "DomainTests", dependencies: ["Domain", "TestSupport"], path: "Tests/Accounts/DomainTests"),
    .testTarget(
        name: "ServicesTests",
        dependencies: ["Services", "Domain", "TestSupport"],
        path: "Tests/Accounts/ServicesTests"
    ),
    .testTarget(
        name: "ConsumersTests",
        dependencies: ["Consumers", "Services", "Domain", "Events", "Mail", "Linux", "TestSupport"],
        path: "Tests/Accounts/ConsumersTests"
    ),
    .testTarget(
        name: "StorageTests",
        dependencies: [
            "Storage", "Consumers", "Services", "Security", "Database", "PostgreSQL", "Caching", "Events", "Domain",
            "TestSupport", "StorageTestSupport", "RandomTestSupport", "PostgreSQLTestSupport", "SharedMemory", "Linux",
            "LinuxTestSupport", "event-probe",
        ],
        path: "Tests/Accounts/StorageTests",
        exclude: ["Released"]
    ),
    .testTarget(
        name: "SecurityTests",
        dependencies: [
            "Security", "Services", "Domain", "Cryptography", "Observability", "SharedMemory", "Linux", "TestSupport",
            "LinuxTestSupport", "SharedMemoryTestSupport", "shared-memory-probe",
        ],
        path: "Tests/Accounts/SecurityTests"
    ),
    .testTarget(
        name: "APITests",
        dependencies: [
            "API", "Services", "Domain", "HTTPPipeline", "OpenAPI", "GraphQL", "Stages", "RateLimiting", "Pagination",
            "Caching", "Observability", "JSON", "Storage", "Database", "Linux", "TestSupport", "StorageTestSupport",
            "RandomTestSupport",
        ],
        path: "Tests/Accounts/APITests",
        exclude: ["Exchanges", "openapi.json", "GraphQL/schema.graphql"]
    ),

    .testTarget(
        name: "DoctorTests",
        dependencies: [
            "Doctor", "Storage", "Database", "PostgreSQL", "Linux", "JSON", "LinuxTestSupport", "PostgreSQLTestSupport",
        ],
        path: "Tests/Accounts/DoctorTests"
    ),

    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "PostgreSQL", "SharedMemory", "Linux", "JSON", "MetricsTestSupport", "LinuxTestSupport",
            "PostgreSQLTestSupport", "pool-probe",
        ],
        path: "Tests/EndToEnd"
    ),
]

let package = Package(
    name: "gatehouse",
    products: [.executable(name: "gatehouse", targets: ["gatehouse"])]
        + kit.map { .library(name: $0.name, targets: [$0.name]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: system + drivers + kit + accounts + program + tests
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
