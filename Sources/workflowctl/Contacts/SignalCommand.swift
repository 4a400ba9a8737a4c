import ArgumentParser
import JSONLines

/// Tells the service what a contact did.
struct SignalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal",
        abstract: "Tell what a contact did, such as sms.replied or job.booked.",
        usage: """
            workflowctl signal sms.replied c-1
            workflowctl signal invoice.paid c-1 --record invoice/i-12 amount=120
            """,
        discussion: """
            Well-known: email.opened, email.clicked, email.replied, sms.replied, call.answered, link.clicked, \
            invoice.paid, invoice.overdue, job.booked, job.completed, lead.created, review.submitted, \
            visit.scheduled. Any other dotted name will do.
            """)

    @OptionGroup var service: ServiceOptions

    @Argument(help: "What it did.")
    var name: String

    @Argument(help: "The contact's id.")
    var contact: String

    @Argument(help: "Data of the signal as name=value.")
    var data: [String] = []

    @OptionGroup var record: RecordOptions

    @Option(help: "The signal's own id: the same twice has one effect.")
    var id: String?

    func validate() throws { _ = try Assignments.read(data) }

    func run() throws {
        var args: JSONObject = ["name": .string(name), "contact": .string(contact)]
        if !data.isEmpty { args["data"] = .object(try Assignments.values(data)) }
        args["record"] = try record.json()
        args["signal_id"] = id.map(JSON.string)
        try service.run { session in
            let result = try session.call("signal.send", args)
            session.print([result]) { [SignalText.effect(result)] }
        }
    }
}

/// What a signal did, in words.
enum SignalText {
    /// How many enrollments moved.
    static func effect(_ result: JSON) -> String {
        if result["duplicate"] == true { return "This signal came before; nothing was done." }
        let moved = moved(result)
        return moved.isEmpty
            ? "The signal is noted; no enrollment moved." : "Enrollments: \(moved)."
    }

    /// The enrollments that moved, or nothing.
    static func moved(_ result: JSON) -> String {
        [
            (result["enrolled"]?.array?.count ?? 0, "enrolled"),
            (Int(result["branched"]?.integer ?? 0), "took a path"),
            (Int(result["exited"]?.integer ?? 0), "left"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
