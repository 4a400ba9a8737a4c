import ChannelCheck
import Foundation
import JSONLines

/// Runs the checks over programs of this package.
enum CheckRun {
    /// The executable `name` of this package's build.
    static func program(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = [CommandLine.arguments[0], own].map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name).path
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[1]
    }

    /// The folder of the documents.
    static let documents = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("proto-docs")

    /// Checks a channel that is expected to keep all limits.
    static func report(
        _ program: String, _ arguments: [String] = [], config: JSONObject? = nil, sends: Bool = true
    ) throws -> CheckReport {
        var options = CheckOptions(
            program: program, arguments: arguments, config: config, sends: sends,
            limits: CheckLimits(patience: 30))
        options.limits.reports = .milliseconds(100)
        return try ChannelCheck(options).run()
    }

    /// Holds the channel that misbehaves by `fault` against the checks `only`, with short limits.
    static func report(
        fault: String, _ arguments: [String] = [], config: JSONObject = ["account": "a"],
        only: Set<String> = []
    ) throws -> CheckReport {
        var options = CheckOptions(
            program: try program("FaultyChannel"), arguments: [fault] + arguments, config: config,
            sends: true, only: only)
        options.limits.hello = .seconds(fault == "neverGreets" ? 0.3 : 60)
        options.limits.send = .seconds(limits[fault] ?? 60)
        options.limits.answer = .seconds(silent[fault] ?? 60)
        options.limits.end = .seconds(stubborn.contains(fault) ? 0.2 : 60)
        options.limits.reports = .seconds(unrepeated[fault] ?? 60)
        return try ChannelCheck(options).run()
    }

    // Only where a fault is that nothing comes is the limit short, so that a busy machine spoils no test;
    // it is longer where something else has to come meanwhile.
    private static let limits = [
        "neverAnswers": 0.1, "answersOnlyPings": 0.1, "answersUnknownID": 1, "floodsOutput": 0.1,
        "dropsOne": 0.2, "answersSlowly": 0.4,
    ]
    private static let silent = [
        "answersNoPing": 0.3, "roundsIDs": 3, "numericIDs": 0.3, "losesLines": 0.3,
        "wantsWholeLines": 0.3,
    ]
    private static let unrepeated = ["neverRepeats": 3.0]
    private static let stubborn: Set = ["ignoresTermination", "ignoresEndOfInput"]
}

extension CheckReport {
    /// The checks that failed, and what was seen.
    var failures: [String: String] {
        var failures: [String: String] = [:]
        for result in results {
            if case .failed(let seen) = result.outcome { failures[result.check.id] = seen }
        }
        return failures
    }

    /// The checks that left a note.
    var notes: Set<String> {
        Set(results.filter { if case .noted = $0.outcome { true } else { false } }.map(\.check.id))
    }

    /// The checks that were skipped, and why.
    var skips: [String: String] {
        var skips: [String: String] = [:]
        for result in results {
            if case .skipped(let reason) = result.outcome { skips[result.check.id] = reason }
        }
        return skips
    }
}
