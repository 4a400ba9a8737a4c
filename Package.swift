// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func library(
    _ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path, resources: resources,
        swiftSettings: settings)
}

func executable(
    _ name: String, path: String? = nil, _ dependencies: [Target.Dependency],
    resources: [Resource] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: path, resources: resources,
        swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        resources: resources, swiftSettings: settings)
}

let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// The libraries that take what others wrote.
let fuzzed: [Target.Dependency] = [
    "ChannelHost", "ChannelKit", "ConfigurationFile", "HTTPListener", "JSONLines", "WorkflowClient",
    "WorkflowEngine", "WorkflowModel", "WorkflowProtocol", "WorkflowService", "WorkflowStore",
    logging,
]

let package = Package(
    name: "workflows",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        library("ZeroMQ", ["CZeroMQ"]),
        .target(name: "CAcceptLimit"),
        library("JSONLines"),
        library("CommandLineProgram", ["JSONLines", arguments]),
        library("PrivateFiles"),
        .systemLibrary(name: "CFileExchange"),
        library("WorkflowModel", ["JSONLines"]),
        library("WorkflowEngine", ["WorkflowModel", "JSONLines"]),
        library("WorkflowProtocol", ["WorkflowModel", "JSONLines"]),
        library(
            "WorkflowStore",
            [
                "CFileExchange", "PrivateFiles", "WorkflowModel", "JSONLines",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        library("Curl", ["CCurl"]),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", providers: [.apt(["libmicrohttpd-dev"])]),
        library("HTTPListener", ["CMicroHTTPD"]),
        library("ChannelKit", ["WorkflowModel", "JSONLines"]),
        library(
            "ChannelJournal",
            [
                "ChannelKit", "PrivateFiles", "JSONLines",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        library(
            "ChannelHost",
            [
                "ChannelKit", "JSONLines", logging,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        library(
            "ConfigurationFile", ["JSONLines", .product(name: "Yams", package: "Yams")]),
        library("ServiceHealth", ["WorkflowModel", "JSONLines"]),
        library("ServiceManager"),
        library(
            "WorkflowService",
            [
                "CAcceptLimit", "ConfigurationFile", "PrivateFiles", "ServiceHealth",
                "ServiceManager",
                "WorkflowEngine", "WorkflowModel", "WorkflowProtocol", "WorkflowStore",
                "ChannelHost",
                "ChannelKit", "JSONLines", "ZeroMQ", logging,
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            resources: [
                .embedInCode("Templates/new-lead-follow-up.json"),
                .embedInCode("Templates/post-job-review-request.json"),
                .embedInCode("Templates/recurring-service-reminder.json"),
                .embedInCode("Templates/payment-overdue-escalation.json"),
            ]),
        executable(
            "workflowd",
            [
                "CommandLineProgram", "WorkflowService", "WorkflowModel", "WorkflowProtocol",
                "JSONLines", arguments, logging,
            ]),
        executable("FaultyChannel", path: "Tests/FaultyChannel", ["ChannelKit", "JSONLines"]),
        library("SeededNumbers", path: "Tests/SeededNumbers"),
        tests("ChannelKitTests", ["ChannelKit", "JSONLines", "OutboxChannel"]),
        tests(
            "ChannelHostTests",
            [
                "ChannelHost", "ChannelKit", "JSONLines", "FaultyChannel", "OutboxChannel",
                "CTestEnvironment", logging,
            ]),
        tests(
            "WorkflowServiceTests",
            [
                "WorkflowService", "WorkflowModel", "WorkflowProtocol", "WorkflowStore",
                "JSONLines", "SeededNumbers", "ZeroMQ", logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests(
            "SimulationTests",
            [
                "WorkflowService", "WorkflowModel", "WorkflowProtocol", "WorkflowStore",
                "JSONLines", "SeededNumbers", logging,
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        tests(
            "WorkflowStoreTests",
            [
                "WorkflowStore", "WorkflowModel", "SeededNumbers",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests(
            "ChannelJournalTests",
            ["ChannelJournal", "ChannelKit", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("ZeroMQTests", ["ZeroMQ", "CZeroMQ"]),
        tests(
            "JSONLinesTests", ["JSONLines", "SeededNumbers"], resources: [.copy("Oracle")]),
        tests("WorkflowModelTests", ["WorkflowModel", "JSONLines", "SeededNumbers"]),
        tests(
            "WorkflowEngineTests",
            ["WorkflowEngine", "WorkflowModel", "JSONLines", "SeededNumbers"],
            resources: [.copy("Oracle")]),
        library(
            "WorkflowClient",
            [
                "JSONLines", "WorkflowModel", "ZeroMQ",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SwiftCSV", package: "SwiftCSV"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        library("TerminalText", ["WorkflowModel", "JSONLines"]),
        library("ChannelCheck", ["ChannelHost", "ChannelKit", "JSONLines"]),
        executable(
            "workflowctl",
            [
                "CommandLineProgram", "WorkflowClient", "WorkflowModel", "WorkflowProtocol",
                "WorkflowStore", "ChannelCheck", "ConfigurationFile", "HTTPListener",
                "TerminalText", "JSONLines", arguments,
            ],
            resources: [.embedInCode("Demo/leads.csv")]),
        tests(
            "ChannelCheckTests",
            [
                "ChannelCheck", "ChannelKit", "JSONLines", "FaultyChannel", "OutboxChannel",
                "workflowctl", "CTestEnvironment",
            ]),
        .target(name: "CTestEnvironment", path: "Tests/CTestEnvironment"),
        tests("TerminalTextTests", ["TerminalText", "WorkflowModel", "JSONLines"]),
        tests("ServiceHealthTests", ["ServiceHealth", "WorkflowModel", "JSONLines"]),
        tests("ServiceManagerTests", ["ServiceManager"]),
        tests("WorkflowClientTests", ["WorkflowClient", "JSONLines"]),
        tests("ConfigurationFileTests", ["ConfigurationFile", "JSONLines"]),
        executable(
            "workflow-bench",
            [
                "CommandLineProgram", "WorkflowClient", "WorkflowProtocol", "ZeroMQ", "JSONLines",
                "WorkflowModel", "ChannelHost", "ChannelKit", arguments, logging,
            ]),
        executable(
            "workflow-builder",
            [
                "CommandLineProgram", "HTTPListener", "WorkflowClient", "WorkflowModel",
                "WorkflowProtocol", "JSONLines", "ZeroMQ", arguments,
            ],
            resources: [.copy("Page")]),
        executable("OutboxChannel", path: "Plugins/OutboxChannel", ["ChannelKit", "JSONLines"]),
        executable(
            "EmailChannel", path: "Plugins/EmailChannel",
            ["ChannelKit", "ChannelJournal", "Curl", "JSONLines", "WorkflowModel"]),
        executable(
            "SMSChannel", path: "Plugins/SMSChannel",
            [
                "ChannelKit", "ChannelJournal", "CCrypto", "Curl", "HTTPListener", "JSONLines",
                "WorkflowModel",
            ]),
        executable(
            "CallReminderChannel", path: "Plugins/CallReminderChannel",
            ["ChannelKit", "ChannelJournal", "Curl", "JSONLines", "WorkflowModel"]),
        tests("SMSChannelTests", ["SMSChannel", "ChannelKit", "JSONLines", "WorkflowModel"]),
        tests("HTTPListenerTests", ["HTTPListener"]),
        tests(
            "CallReminderChannelTests",
            ["CallReminderChannel", "ChannelKit", "Curl", "JSONLines", "WorkflowModel"]),
        tests(
            "Fuzzing",
            fuzzed + [
                "CallReminderChannel", "ChannelJournal", "Curl", "EmailChannel", "SMSChannel",
                "SeededNumbers",
            ],
            exclude: ["LibFuzzer"], resources: [.copy("Corpus"), .copy("Words")]),
    ]
)

// `.ci/fuzz` builds the targets of Tests/Fuzzing under libFuzzer, which brings its own main.
if Context.environment["LIBFUZZER"] != nil {
    package.targets.removeAll { $0.type == .executable || $0.type == .test }
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: fuzzed, path: "Tests/Fuzzing",
            exclude: ["Corpus", "Words", "PluginTargets"], sources: ["Targets", "LibFuzzer"],
            swiftSettings: settings))
}
