import ChannelCheck
import Foundation
import JSONLines
import Testing

/// The command of `--provoke`, which lets a channel report something.
@Suite(.timeLimit(.minutes(10)))
struct ProvocationTests {
    private static let check = "reports-readable"

    /// What the check of reports came to for a channel that reports in any case.
    private func report(_ command: String, limit: Duration = .seconds(60)) throws -> CheckReport {
        var options = CheckOptions(
            program: try CheckRun.program("FaultyChannel"), arguments: ["repeatsReports"],
            config: ["account": "a"], sends: true, only: [Self.check], provocation: command,
            limits: CheckLimits(patience: 30))
        options.limits.provocation = limit
        return try ChannelCheck(options).run()
    }

    @Test func itRunsBehindTheMessages() throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("provoked-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let report = try report("echo provoked > '\(file.path)'")
        #expect(report.failures.isEmpty && report.skips.isEmpty, "\(report)")
        #expect(try String(contentsOf: file, encoding: .utf8) == "provoked\n")
    }

    @Test(arguments: [("exit 3", "ended with 3"), ("no-such-command-here 2>&1", "ended with 127")])
    func oneThatFailsIsSaid(_ command: String, _ seen: String) throws {
        let skips = try report(command).skips
        #expect(skips[Self.check]?.contains(seen) == true, "\(skips)")
    }

    @Test func oneThatHangsIsEnded() throws {
        let skips = try report("exec sleep 1000", limit: .milliseconds(200)).skips
        #expect(skips[Self.check]?.contains("did not end within 0.2 s") == true, "\(skips)")
    }
}
