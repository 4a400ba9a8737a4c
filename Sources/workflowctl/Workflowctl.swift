import ArgumentParser
import Foundation
import WorkflowClient

/// `workflowctl`: the command line client of the workflow service.
@main
struct Workflowctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflowctl",
        abstract: "Talks to workflowd from the command line.",
        subcommands: [ChannelCommand.self, DemoCommand.self, KeysCommand.self, SendCommand.self])
}

/// Which service a command talks to.
struct ConnectionOptions: ParsableArguments {
    @Option(name: .long, help: "Where workflowd takes commands.")
    var connect = "tcp://127.0.0.1:7411"

    @Option(name: .long, help: "Seconds to wait for a reply.")
    var timeout = 10

    @OptionGroup var keys: KeyOptions

    func client() throws -> CommandClient {
        try CommandClient(
            endpoint: connect, timeout: .seconds(timeout), keys: try keys.clientKeys())
    }
}

/// Reports errors as a sentence on standard error and an exit code.
enum Reporting {
    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ClientError {
            FileHandle.standardError.write(Data("workflowctl: \(error.message)\n".utf8))
            throw ExitCode(error.exitCode)
        }
    }
}
