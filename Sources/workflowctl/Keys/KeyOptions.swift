import ArgumentParser
import Foundation
import WorkflowClient

/// The keys for an endpoint that asks for them.
struct KeyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Your key file, where the endpoint asks for keys. (default: $WORKFLOWCTL_KEY)",
            valueName: "file"))
    var key: String?

    // A key in Z85 may begin with a dash.
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "The service's public key, or a file that has it. (default: $WORKFLOWCTL_SERVER_KEY)",
            valueName: "key"))
    var serverKey: String?

    /// The keys that the options or the environment name; nil where they name none.
    func clientKeys() throws -> ClientKeys? {
        let environment = ProcessInfo.processInfo.environment
        let key = key ?? environment["WORKFLOWCTL_KEY"]
        let serverKey = serverKey ?? environment["WORKFLOWCTL_SERVER_KEY"]
        switch (key, serverKey) {
        case (nil, nil): return nil
        case (let key?, let serverKey?): return try ClientKeys(file: key, server: serverKey)
        case (_?, nil):
            throw ValidationError(
                "--key needs --server-key as well: the service proves itself too. "
                    + "workflowctl keys server prints it where workflowd runs.")
        case (nil, _?):
            throw ValidationError("--server-key needs --key as well, your own key file.")
        }
    }
}
