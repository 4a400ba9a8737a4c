import ArgumentParser
import ChannelCheck
import CommandLineProgram
import Foundation
import JSONLines

/// Holds a channel's executable against the protocol.
struct ChannelCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check whether an executable is a channel.",
        usage: """
            workflowctl channel check [options] <program> [<arguments> ...]
            workflowctl channel check [options] <program> -- --an-argument-with-dashes
            workflowctl channel check --list
            """,
        discussion: """
            Starts the program as workflowd would, one start after the other, in a temporary folder, and \
            holds what it does against proto-docs/channels.md. No service has to run.

            Without --send it is asked for no message, and the checks that need one are skipped. With \
            --send some 40 messages go out, and three times a whole window (see --window); use a test \
            account, or an address of your own. Without --to they go to +15550100 or \
            someone@example.invalid, which reach nobody.

            The first start sees an empty folder; files that the channel writes by a relative path \
            are removed at the end.

            ok: it keeps the rule. FAIL: it breaks it. note: workflowd never brings this about, but a \
            careful channel takes it. skip: the check does not apply.

            The exit code is 0 where nothing failed, 1 where something did, 64 for wrong usage, 66 where \
            the program or the configuration cannot be read, 73 where a file cannot be written.
            """)

    @Argument(help: "The executable.")
    var program: String?

    @Argument(help: "Its arguments; put -- before the first that begins with a dash.")
    var arguments: [String] = []

    @Option(
        help: ArgumentHelp(
            "YAML or JSON: what stands below config: for the channel. env:NAME and file:/path stand for secrets.",
            valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "A variable of the environment that the channel gets; may be repeated.",
            valueName: "name"))
    var environment: [String] = []

    @Flag(help: "Send messages, too.")
    var send = false

    @Option(help: ArgumentHelp("Where the messages go.", valueName: "address"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "How many messages are with the channel at once; without it, its max_inflight.",
            valueName: "count"))
    var window: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds to wait for a report and for its repetition.", valueName: "seconds"))
    var reportWait = 40

    @Option(
        help: ArgumentHelp(
            "How many times as long as workflowd the checks wait: for a machine that is busy.",
            valueName: "times"))
    var patience = 1

    @Option(
        help: ArgumentHelp(
            "A shell command that lets the channel report something, such as a call of its webhook; needs --send.",
            valueName: "command"))
    var provoke: String?

    @Option(help: ArgumentHelp("Write the results as JUnit XML, too.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Run this check alone; may be repeated.", valueName: "id"))
    var only: [String] = []

    @Flag(help: "List the checks, and run none.")
    var list = false

    func validate() throws {
        if list { return }
        if program == nil { throw ValidationError("Missing expected argument '<program>'.") }
        if to != nil, !send {
            throw ValidationError("--to says where messages go; it needs --send.")
        }
        if provoke != nil, !send { throw ValidationError("--provoke needs --send.") }
        if let window, !(1...10_000).contains(window) {
            throw ValidationError("--window is from 1 to 10000.")
        }
        if !(1...3_600).contains(reportWait) {
            throw ValidationError("--report-wait is from 1 to 3600.")
        }
        if !(1...100).contains(patience) {
            throw ValidationError("--patience is from 1 to 100.")
        }
        for id in only where !Check.all.contains(where: { $0.id == id }) {
            throw ValidationError("There is no check \"\(id)\"; --list shows all.")
        }
    }

    func run() throws {
        if list { return Terminal.output.print(Check.all.map { "\($0.id): \($0.title)" }) }
        let check = ChannelCheck(try options())
        var text = TextReport()
        // At once, so that it shows while the next check runs; an output that nobody reads ends the run.
        let report = try check.run { result in
            try ProgramOutput.tryWriting(text.lines(about: result).map { "\($0)\n" }.joined())
        }
        Terminal.output.print(text.rest() + ["", TextReport.summary(of: report)])
        if let junit { try write(JUnitReport.xml(report), to: junit) }
        if report.failed > 0 { throw ExitCode(1) }
    }

    private func options() throws -> CheckOptions {
        let path = URL(fileURLWithPath: program ?? "").path
        var options = CheckOptions(
            program: path, arguments: arguments, environment: environment,
            config: try config.map(ChannelConfigFile.read), sends: send, address: to,
            window: window, only: Set(only), provocation: provoke,
            limits: CheckLimits(patience: patience))
        if let obstacle = options.obstacle { throw Reporting.failure(obstacle, 66) }
        options.limits.reports = .seconds(reportWait)
        return options
    }

    private func write(_ xml: String, to path: String) throws {
        do {
            try Data(xml.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Reporting.failure("The file \(path) cannot be written.", 73)
        }
    }
}
