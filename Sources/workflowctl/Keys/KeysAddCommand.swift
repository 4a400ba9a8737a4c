import ArgumentParser
import JSONLines
import WorkflowClient

/// Registers the public key of a client.
struct KeysAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register the public key of a client, at once.")

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "What to call the key, such as the service that uses it.")
    var name: String

    @Option(name: .long, help: "What it may do: reader, author, operator or admin.")
    var role: String

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("The public key, or a file that has it.", valueName: "key"))
    var publicKey: String

    mutating func run() throws {
        try Reporting.run {
            let key = try ClientKeys.publicKey(publicKey)
            try connection.client().call(
                "key.create",
                ["name": .string(name), "role": .string(role), "public_key": .string(key)])
        }
    }
}
