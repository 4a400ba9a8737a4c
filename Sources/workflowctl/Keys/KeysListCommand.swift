import ArgumentParser
import JSONLines
import WorkflowClient

/// Lists the registered keys.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the registered keys: name, role, public key.")

    @OptionGroup var connection: ConnectionOptions

    mutating func run() throws {
        try Reporting.run {
            let client = try connection.client()
            var args: JSONObject = [:]
            repeat {
                let page = try client.call("key.list", args)
                for key in page["keys"]?.array ?? [] { Terminal.output.print(line(key)) }
                args["cursor"] = page["next"]
            } while args["cursor"] != nil
        }
    }

    private func line(_ key: JSON) -> String {
        ["name", "role", "public_key"].map { key[$0]?.string ?? "" }.joined(separator: "\t")
    }
}
