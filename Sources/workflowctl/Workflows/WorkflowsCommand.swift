import ArgumentParser
import JSONLines
import TerminalText

/// Lists the workflows, with how many contacts are inside.
struct WorkflowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflows", abstract: "List the workflows.")

    @OptionGroup var service: ServiceOptions

    @Option(help: "Only those in this state: draft, active, paused or halted.")
    var state: String?

    func run() throws {
        try service.run { session in
            var args = JSONObject()
            args["state"] = state.map(JSON.string)
            let workflows = try session.list("workflow.list", "workflows", args)
            var table = Table(
                "workflow", "name", "state", "#version", "#inside", "#finished", "#exited")
            var values: [JSON] = []
            for workflow in workflows {
                let id = workflow["id"] ?? ""
                let stats = try session.call("workflow.stats", ["workflow": id])
                table.append(row(workflow, stats))
                values.append(.object((workflow.object ?? [:]).merging(["stats": stats])))
            }
            session.print(
                values, orTable: table,
                none:
                    "There are no workflows. Make one: workflowctl create --template new-lead-follow-up"
            )
        }
    }

    private func row(_ workflow: JSON, _ stats: JSON) -> [String] {
        let words = ["id", "name", "state"].map { workflow[$0]?.string ?? "" }
        let counts = ["inside", "finished", "exited"].map { Int(stats[$0]?.integer ?? 0).grouped }
        return words + [workflow["version"]?.text ?? ""] + counts
    }
}
