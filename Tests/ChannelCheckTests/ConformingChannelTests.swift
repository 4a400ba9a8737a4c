import CTestEnvironment
import ChannelCheck
import Foundation
import JSONLines
import Testing

/// Channels that keep the protocol, and what the checks did to them.
@Suite(.timeLimit(.minutes(10)))
struct ConformingChannelTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("channel-check-test-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func written(_ name: String) -> [JSON] {
        let data = try? Data(contentsOf: folder.appendingPathComponent(name))
        return (data ?? Data()).split(separator: 0x0A).compactMap { try? JSON(parsing: $0) }
    }

    @Test func theOutboxPasses() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("outbox.jsonl").path
        let report = try CheckRun.report(
            CheckRun.program("OutboxChannel"), ["--channel", "sms"],
            config: ["path": .string(path)])
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.notes.isSubset(of: ["send-late", "send-no-address"]))
        #expect(report.subject == "OutboxChannel 1.0.0, channel sms")
        let keys = written("outbox.jsonl").compactMap { $0["key"]?.string }
        #expect(keys.count > 2 * 1_024)
        #expect(Set(keys).count == keys.count, "Repeated keys were sent once.")
    }

    @Test func theExampleInPythonPasses() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("sent.jsonl").path
        let report = try CheckRun.report(
            CheckRun.documents.path + "/examples/file_channel.py", config: ["path": .string(path)])
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(
            report.notes.isSubset(of: [
                "line-blank", "line-garbage", "send-late", "send-no-address",
            ]))
        let texts = written("sent.jsonl").compactMap { $0["text"]?.string }
        #expect(texts.contains { $0.contains("👩‍👩‍👧‍👦") } && texts.contains { $0.contains("\u{2028}") })
    }

    @Test func aChannelOnTheKitPasses() throws {
        let report = try CheckRun.report(CheckRun.program("FaultyChannel"), ["usesKit"])
        // It repeats a report after 30 s, which no test waits for.
        #expect(report.failures.keys.filter { $0 != "reports-repeated" }.isEmpty)
        #expect(report.notes.isEmpty)
    }

    @Test func whatDoesNotApplyIsSkippedWithItsReason() throws {
        let report = try CheckRun.report(fault: "none")
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.notes.isEmpty)
        #expect(
            Set(report.skips.keys)
                == ["reports-readable", "reports-repeated", "reports-acknowledged"])
        #expect(Set(report.skips.values) == ["Its manifest names no report."])
        #expect(report.results.map(\.check.id) == Check.all.map(\.id))
    }

    @Test func aChannelThatReportsPassesEverything() throws {
        let report = try CheckRun.report(fault: "repeatsReports")
        #expect(report.passed == Check.all.count, "\(report.failures) \(report.skips)")
    }

    @Test func nothingIsSentWithoutLeave() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("outbox.jsonl").path
        let report = try CheckRun.report(
            CheckRun.program("OutboxChannel"), ["--channel", "sms"],
            config: ["path": .string(path)], sends: false)
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(written("outbox.jsonl").isEmpty)
        let sending = Check.all.filter { $0.group == .sending }.map(\.id)
        #expect(sending.allSatisfy { report.skips[$0]?.contains("--send") == true })
    }

    @Test func aChannelThatNeedsAConfigurationIsCheckedAsFarAsItGoes() throws {
        let report = try CheckRun.report(CheckRun.program("OutboxChannel"), ["--channel", "sms"])
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.skips["configure"]?.contains("--config") == true)
        #expect(report.skips["ping"] == report.skips["configure"])
        #expect(report.passed > 10)
    }

    @Test func aSecretIsInNoReason() throws {
        let report = try CheckRun.report(
            fault: "echoesSecret", config: ["token": "env:CHANNEL_CHECK_SECRET"])
        #expect(report.failures["configure"]?.contains("no login with \"***\"") == true)
        #expect(!"\(report)".contains("pa55-word"))
    }

    @Test func aReferenceThatLeadsNowhereIsTheReason() throws {
        let report = try CheckRun.report(
            fault: "none", config: ["token": "env:CHANNEL_CHECK_NOT_SET"])
        #expect(report.skips["configure"]?.contains("CHANNEL_CHECK_NOT_SET") == true)
    }

    @Test func aChannelThatNeedsItsOldFolderFails() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let marker = folder.appendingPathComponent("marker").path
        let report = try CheckRun.report(
            fault: "missesOldFolder", [marker], only: ["configure", "own-folder"])
        #expect(Set(report.failures.keys) == ["own-folder"])
        #expect(report.failures["own-folder"]?.contains("its files are gone") == true)
    }

    @Test func whatTheHostNeverDoesLeavesANote() throws {
        let report = try CheckRun.report(
            fault: "diesOnGarbage", only: ["line-blank", "line-garbage"])
        #expect(report.failures.isEmpty)
        #expect(report.notes == ["line-blank", "line-garbage"])
    }
}
