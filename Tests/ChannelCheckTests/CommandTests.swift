import ChannelCheck
import Foundation
import Testing

/// `workflowctl channel check`, as it is called.
@Suite(.timeLimit(.minutes(10)))
struct CommandTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("channel-check-command-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Calls it in a folder of its own; returns its code and what it wrote.
    private func call(_ arguments: String...) throws -> (
        code: Int32, output: String, errors: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try CheckRun.program("workflowctl"))
        process.arguments = ["channel", "check"] + arguments
        process.currentDirectoryURL = folder
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: errorText, as: UTF8.self)
        )
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    @Test func aGoodChannelEndsWithZero() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("# YAML\npath: outbox.jsonl\n", to: "config.yaml")
        let result = try call(
            "--config", "config.yaml", "--junit", "junit.xml", "--patience", "30",
            try CheckRun.program("OutboxChannel"), "--", "--channel", "sms")
        #expect(result.code == 0)
        #expect(result.output.contains("  ok    configure "))
        #expect(result.output.contains("OutboxChannel 1.0.0, channel sms: 58 checks, "))
        let xml = try Data(contentsOf: folder.appendingPathComponent("junit.xml"))
        #expect(String(decoding: xml, as: UTF8.self).contains("<testcase classname=\"channel."))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["config.yaml", "junit.xml"])
    }

    @Test func aFaultEndsWithOne() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try call(
            try CheckRun.program("FaultyChannel"), "printsBanner", "--only", "hello", "--only",
            "quiet-start")
        #expect(result.code == 1)
        #expect(result.output.contains("  FAIL  quiet-start"))
        #expect(result.output.contains("Starting up, please wait."))
        #expect(result.output.contains("To mend it: Send banners"))
        #expect(result.output.contains("2 checks, 1 passed, 1 failed."))
    }

    @Test func aProgramThatIsNotThereEndsWith66() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("no program", to: "file")
        for (name, words) in [
            ("./missing", "There is no file at"), ("file", "may not be executed: chmod +x"),
            (".", "is a folder, not a program."),
        ] {
            let result = try call(name)
            #expect(result.code == 66)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test func aConfigurationThatCannotBeReadEndsWith66() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = try CheckRun.program("FaultyChannel")
        try write("a: [1\n", to: "broken.yaml")
        try write("- a list\n", to: "list.yaml")
        for name in ["missing.yaml", "broken.yaml", "list.yaml"] {
            let result = try call("--config", name, program, "none")
            #expect(result.code == 66)
            #expect(result.errors.contains(name))
        }
    }

    @Test(arguments: ["env:CHANNEL_CHECK_NOT_SET", "file:/no/such/file"])
    func aSecretThatIsNotThereEndsWith66AndIsSaidOnce(_ reference: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("account: \(reference)\n", to: "config.yaml")
        let result = try call(
            "--config", "config.yaml", try CheckRun.program("FaultyChannel"), "none")
        #expect(result.code == 66)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("The configuration cannot be read: config.account: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    @Test func aReasonIsSaidOnce() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try call(try CheckRun.program("OutboxChannel"), "--", "--channel", "sms")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count { $0.contains("Give one by --config.") } == 1)
        #expect(lines.contains { $0.hasSuffix(" more for the reason of configure.") })
        #expect(result.code == 0)
    }

    @Test func wrongUsageEndsWith64() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try call().code == 64)
        #expect(try call("--only", "no-such-check", "program").code == 64)
        #expect(try call("--to", "+15550100", "program").errors.contains("--send"))
        #expect(try call("--window", "0", "program").code == 64)
        #expect(try call("--patience", "0", "program").code == 64)
    }

    @Test func theListNamesAllChecks() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try call("--list")
        #expect(result.code == 0)
        let ids = result.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
        #expect(ids.map(String.init) == Check.all.map(\.id))
    }

    @Test func quotedValuesStayText() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = try CheckRun.program("FaultyChannel")
        for (value, code) in [("'12'", Int32(0)), ("12", 1), ("\"yes\"", 0), ("true", 1)] {
            try write("account: \(value)\n", to: "config.yaml")
            let result = try call("--config", "config.yaml", "--only", "configure", program, "none")
            #expect(result.code == code, "\(value)")
        }
    }
}
