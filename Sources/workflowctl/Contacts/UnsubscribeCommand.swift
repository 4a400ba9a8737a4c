import ArgumentParser
import JSONLines

/// Opts a contact out, of one channel or of all.
struct UnsubscribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsubscribe", abstract: "Opt a contact out of a channel, or of everything.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The contact's id.")
    var contact: String

    @Option(help: "Only this channel, such as sms.")
    var channel: String?

    func run() throws {
        var args: JSONObject = ["name": "contact.unsubscribed", "contact": .string(contact)]
        args["data"] = channel.map { ["channel": .string($0)] }
        try service.run { session in
            let result = try session.call("signal.send", args)
            let moved = SignalText.moved(result)
            session.print([result]) {
                [
                    "\(contact) opted out of \(channel ?? "everything")."
                        + (moved.isEmpty ? "" : " Enrollments: \(moved).")
                ]
            }
        }
    }
}
