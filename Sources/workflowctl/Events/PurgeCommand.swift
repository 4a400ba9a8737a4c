import ArgumentParser
import JSONLines
import TerminalText

/// Removes history.
struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove history: before a moment, of a contact, or of a workflow.",
        discussion: "What is purged is gone, also from the feed. Who stands where does not change.")

    @OptionGroup var service: ServiceOptions

    @Option(help: "What happened before this moment (RFC 3339, or a day such as 2026-01-01).")
    var before: String?

    @Option(help: "What concerns this contact.")
    var contact: String?

    @Option(help: "What concerns this workflow.")
    var workflow: String?

    @Flag(help: "Really do it.")
    var yes = false

    func validate() throws {
        guard before != nil || contact != nil || workflow != nil else {
            throw ValidationError("Name at least one of --before, --contact, --workflow.")
        }
        guard yes else { throw ValidationError("A purge cannot be undone. Add --yes.") }
    }

    func run() throws {
        try service.run { session in
            var args = JSONObject()
            args["before"] = before.map { .string($0.count == 10 ? "\($0)T00:00:00Z" : $0) }
            args["contact"] = contact.map(JSON.string)
            args["workflow"] = workflow.map(JSON.string)
            var purged: Int64 = 0
            var hasMore = true
            while hasMore {
                let result = try session.call("execution.purge", args)
                purged += result["purged"]?.integer ?? 0
                hasMore = result["more"] == true
            }
            session.print([["purged": .integer(purged)]]) {
                ["\(Int(purged).grouped) events were removed."]
            }
        }
    }
}
