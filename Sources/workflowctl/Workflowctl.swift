import ArgumentParser
import CommandLineProgram
import Foundation
import WorkflowClient
import WorkflowProtocol
import WorkflowStore

/// `workflowctl`: the command line client of the workflow service.
@main
struct Workflowctl: CommandLineProgram {
    static let configuration = CommandConfiguration(
        commandName: "workflowctl",
        abstract: "Talks to workflowd from the command line.",
        discussion: """
            Exit codes: 0 done. 1 the service refused, rows were refused, there are differences, or health is \
            degraded. 2 health is failing. 64 wrong arguments. 65 a file holds what it must not. 66 a file cannot be read. 69 no service answers. \
            72 a program is missing. 73 a file or folder cannot be written, or is there already. 75 a \
            workflowd works in the data directory. 77 a key is not accepted. 130 stopped by Ctrl-C. 141 nobody \
            reads the output any more.

            Tables are cut to the width of the terminal, and colored there unless NO_COLOR is set; a pipe \
            gets everything, plain. --json prints one JSON object a line.
            """,
        version: ServiceVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "First steps",
                subcommands: [
                    DemoCommand.self, StatusCommand.self, SettingsCommand.self,
                    CompletionCommand.self,
                ]),
            CommandGroup(
                name: "Workflows",
                subcommands: [
                    WorkflowsCommand.self, TemplatesCommand.self, CreateCommand.self,
                    ShowCommand.self, TimelineCommand.self, ActivateCommand.self,
                    PauseCommand.self, HaltCommand.self, DeleteCommand.self,
                    ExportCommand.self, ImportCommand.self,
                ]),
            CommandGroup(
                name: "Contacts",
                subcommands: [
                    EnrollCommand.self, UnenrollCommand.self, ContactsCommand.self,
                    ContactCommand.self, SignalCommand.self, UnsubscribeCommand.self,
                    ResubscribeCommand.self,
                ]),
            CommandGroup(
                name: "What happened",
                subcommands: [
                    WatchCommand.self, HistoryCommand.self, ResolveCommand.self,
                    PurgeCommand.self,
                ]),
            CommandGroup(
                name: "Operation",
                subcommands: [
                    HealthCommand.self, MetricsCommand.self, LogLevelCommand.self,
                    KeysCommand.self, BackupCommand.self, RestoreCommand.self,
                    IntegrityCommand.self, ChannelCommand.self, SendCommand.self,
                ]),
        ])
}

/// Which service a command talks to.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Where workflowd takes commands; WORKFLOWCTL_CONNECT in the environment changes it.")
    var connect =
        ProcessInfo.processInfo.environment["WORKFLOWCTL_CONNECT"] ?? "tcp://127.0.0.1:7411"

    @Option(name: .long, help: "Seconds to wait for a reply.")
    var timeout = 10

    @OptionGroup var keys: KeyOptions

    /// A client that waits `timeout` for each reply, or as long as the options say.
    func client(timeout: Duration? = nil) throws -> CommandClient {
        try EndpointProbe.check(connect)
        return try CommandClient(
            endpoint: connect, timeout: timeout ?? .seconds(self.timeout),
            keys: try keys.clientKeys())
    }
}

/// Reports errors as a sentence on standard error and an exit code.
enum Reporting {
    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ClientError {
            throw failure(error.message, error.exitCode)
        } catch let error as FileProblem {
            throw failure(error.message, error.exitCode)
        } catch let error as BackupError {
            throw failure(error.message, error.exitCode)
        }
    }

    /// Says what went wrong, and returns the code to end with.
    static func failure(_ message: String, _ code: Int32) -> ExitCode {
        Terminal.errors.print("workflowctl: \(message)")
        return ExitCode(code)
    }
}
