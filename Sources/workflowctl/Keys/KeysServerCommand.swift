import ArgumentParser
import JSONLines
import WorkflowClient

/// Prints the service's public key.
struct KeysServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Print the public key of the service, which clients give as --server-key.")

    @OptionGroup var connection: ConnectionOptions

    mutating func run() throws {
        try Reporting.run {
            let page = try connection.client().call("key.list", ["limit": 1])
            Terminal.output.print(page["server_key"]?.string ?? "")
        }
    }
}
