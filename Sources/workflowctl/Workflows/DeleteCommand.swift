import ArgumentParser
import JSONLines

/// Removes a workflow; its history stays.
struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a workflow. Its history stays.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The workflow's id.")
    var workflow: String

    @Flag(help: "Take the contacts that are inside out first.")
    var unenroll = false

    func run() throws {
        try service.run { session in
            var unenrolled: Int64 = 0
            var result: JSON
            repeat {
                result = try session.call(
                    "workflow.delete",
                    ["workflow": .string(workflow), "unenroll": .bool(unenroll)])
                unenrolled += result["unenrolled"]?.integer ?? 0
            } while result["more"] == true
            result = ["deleted": true, "unenrolled": .integer(unenrolled)]
            session.print([result]) {
                [
                    "\(workflow) is deleted; \(unenrolled) contacts were taken out."
                ]
            }
        }
    }
}
