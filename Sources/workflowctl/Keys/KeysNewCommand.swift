import ArgumentParser
import Foundation
import WorkflowClient

/// Makes a key pair in a new file.
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a key pair and write it into a new file, without asking the service.",
        discussion: "The secret stays in the file; the public key is printed.")

    @Argument(help: "The file, which only you will be able to read.")
    var file: String

    mutating func run() throws {
        try Reporting.run {
            Terminal.output.print(try ClientKeys.make(file: file))
            let words =
                "workflowctl: \(file) is the key; keep it secret. Its public half stands above: let an "
                + "administrator register it with: workflowctl keys add NAME --role ROLE --public-key KEY"
            Terminal.errors.print(words)
        }
    }
}
