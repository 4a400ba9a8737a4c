import ArgumentParser

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
