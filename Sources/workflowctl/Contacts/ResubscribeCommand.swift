import ArgumentParser
import JSONLines

/// Takes back that a contact opted out.
struct ResubscribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resubscribe", abstract: "Take back that a contact opted out.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The contact's id.")
    var contact: String

    @Option(help: "Only this channel, such as sms.")
    var channel: String?

    func run() throws {
        var args: JSONObject = ["name": "contact.resubscribed", "contact": .string(contact)]
        args["data"] = channel.map { ["channel": .string($0)] }
        try service.run { session in
            let result = try session.call("signal.send", args)
            let moved = SignalText.moved(result)
            session.print([result]) {
                [
                    "\(contact) takes messages again over \(channel ?? "all channels")."
                        + (moved.isEmpty ? "" : " Enrollments: \(moved).")
                ]
            }
        }
    }
}
