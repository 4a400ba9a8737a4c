import ArgumentParser
import JSONLines
import WorkflowClient

/// Lets a key in no more.
struct KeysRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Let a key in no more, at once.",
        discussion:
            "Its connections are of no use any more: each command is refused, and no event is received."
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The name of the key.")
    var name: String

    mutating func run() throws {
        try Reporting.run {
            try connection.client().call("key.delete", ["name": .string(name)])
        }
    }
}
