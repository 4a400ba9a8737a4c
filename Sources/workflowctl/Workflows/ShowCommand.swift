import ArgumentParser
import JSONLines
import TerminalText

/// One workflow, its steps, and who stands where.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a workflow's steps, and how many contacts stand where."
    )

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The workflow's id.")
    var workflow: String

    @Option(help: "An older version.")
    var version: Int?

    func run() throws {
        try service.run { session in
            var args: JSONObject = ["workflow": .string(workflow)]
            let stats = try session.call("workflow.stats", args)
            args["version"] = version.map { .integer(Int64($0)) }
            let found = try session.call("workflow.get", args)
            let value = JSON.object((found.object ?? [:]).merging(["stats": stats]))
            session.print([value]) {
                WorkflowPicture(workflow: found, stats: stats)
                    .lines(width: session.output.width, ink: session.ink)
            }
        }
    }
}
