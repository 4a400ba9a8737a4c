import ArgumentParser
import Foundation
import JSONLines
import WorkflowClient

/// Makes, registers, lists and revokes the keys of clients.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, register, list and revoke the keys of clients.",
        discussion: """
            A client on another machine makes its key there with "keys new", and sends the public half to \
            the administrator, who registers it with "keys add", and tells the client the service's own \
            key, which "keys server" prints.
            """,
        subcommands: [
            KeysNewCommand.self, KeysAddCommand.self, KeysListCommand.self, KeysUpdateCommand.self,
            KeysRevokeCommand.self, KeysServerCommand.self,
        ])
}

struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a key pair and write it into a new file, without asking the service.",
        discussion: "The secret stays in the file; the public key is printed.")

    @Argument(help: "The file, which only you will be able to read.")
    var file: String

    mutating func run() throws {
        try Reporting.run {
            print(try ClientKeys.make(file: file))
            let words =
                "workflowctl: \(file) is the key; keep it secret. Its public half stands above: let an "
                + "administrator register it with: workflowctl keys add NAME --role ROLE --public-key KEY\n"
            FileHandle.standardError.write(Data(words.utf8))
        }
    }
}

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
                for key in page["keys"]?.array ?? [] { print(line(key)) }
                args["cursor"] = page["next"]
            } while args["cursor"] != nil
        }
    }

    private func line(_ key: JSON) -> String {
        ["name", "role", "public_key"].map { key[$0]?.string ?? "" }.joined(separator: "\t")
    }
}

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

struct KeysServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Print the public key of the service, which clients give as --server-key.")

    @OptionGroup var connection: ConnectionOptions

    mutating func run() throws {
        try Reporting.run {
            let page = try connection.client().call("key.list", ["limit": 1])
            print(page["server_key"]?.string ?? "")
        }
    }
}
