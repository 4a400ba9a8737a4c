import ArgumentParser
import JSONLines
import TerminalText

/// What was executed, newest first.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what was executed: messages, steps and flags, newest first.")

    @OptionGroup var service: ServiceOptions

    @Option(help: "Only of this contact.")
    var contact: String?

    @Option(help: "Only of this workflow.")
    var workflow: String?

    @Option(help: "Only of this enrollment.")
    var enrollment: String?

    @Option(
        name: .customLong("type"),
        help: ArgumentHelp(
            "Only of this type, such as message.skipped; may be repeated.", valueName: "type"))
    var types: [String] = []

    @Option(help: "How many at most.")
    var limit = 50

    @Flag(help: "Oldest first.")
    var oldest = false

    func run() throws {
        try service.run { session in
            var args: JSONObject = ["order": oldest ? "oldest" : "newest"]
            args["contact"] = contact.map(JSON.string)
            args["workflow"] = workflow.map(JSON.string)
            args["enrollment"] = enrollment.map(JSON.string)
            if !types.isEmpty { args["types"] = .array(types.map(JSON.string)) }
            let found = try session.list("execution.list", "executions", args, limit: limit)
            let lines = EventLines(
                writesJSON: session.writesJSON, zone: try session.businessZone(),
                output: session.output)
            session.output.print(found.map(lines.line))
        }
    }
}
