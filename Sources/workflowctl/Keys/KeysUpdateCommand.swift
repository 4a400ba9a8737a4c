import ArgumentParser
import JSONLines
import WorkflowClient

/// Gives a key another role.
struct KeysUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Give a key another role, at once.")

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The name of the key.")
    var name: String

    @Option(name: .long, help: "What it may do: reader, author, operator or admin.")
    var role: String

    mutating func run() throws {
        try Reporting.run {
            try connection.client().call(
                "key.update", ["name": .string(name), "role": .string(role)])
        }
    }
}
