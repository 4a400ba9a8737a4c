import ArgumentParser
import Foundation
import JSONLines
import WorkflowClient

/// Sends one raw line and prints the reply.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one command as a JSON line, and print the reply.",
        discussion:
            #"For instance: workflowctl send '{"op":"system.hello"}'. The exit code is 0 where the reply says ok, 1 where the command was refused, 69 where nobody answers."#
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The line; - reads it from standard input.")
    var line: String

    mutating func run() throws {
        let text = line == "-" ? readLine(strippingNewline: true) ?? "" : line
        try Reporting.run {
            let reply = try connection.client().exchange(Array(text.utf8))
            Terminal.output.write(String(decoding: reply, as: UTF8.self))
            guard (try? JSON(parsing: reply))?["ok"] == true else { throw ExitCode(1) }
        }
    }
}
