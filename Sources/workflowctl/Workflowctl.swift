import ArgumentParser
import Foundation
import WorkflowProtocol

/// `workflowctl`: the command line client of the workflow service.
@main
struct Workflowctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflowctl",
        abstract: "Talks to workflowd from the command line.",
        subcommands: [DemoCommand.self, SendCommand.self])
}

/// Which service a command talks to.
struct ConnectionOptions: ParsableArguments {
    @Option(name: .long, help: "Where workflowd takes commands.")
    var connect = "tcp://127.0.0.1:7411"

    @Option(name: .long, help: "Seconds to wait for a reply.")
    var timeout = 10

    func client() throws -> CommandClient {
        try CommandClient(endpoint: connect, timeout: .seconds(timeout))
    }
}

/// Ends the program with a sentence on standard error.
struct Failure: Error {
    let message: String
    let exitCode: Int32

    init(_ message: String, exitCode: Int32 = 1) {
        self.message = message
        self.exitCode = exitCode
    }

    /// Runs `body`, and turns what it throws into an exit code.
    static func reported(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("workflowctl: \(failure.message)\n".utf8))
            throw ExitCode(failure.exitCode)
        }
    }
}
