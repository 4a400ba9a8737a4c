import ArgumentParser
import JSONLines
import TerminalText

/// What the commands that change a workflow's state have in common.
struct StateChange: ParsableArguments {
    @OptionGroup var service: ServiceOptions

    @Argument(help: "The workflow's id.")
    var workflow: String

    /// Sends `op` about the workflow with further `args`, and says in which state it is now.
    func run(_ op: String, _ args: JSONObject = [:]) throws {
        try service.run { session in
            let result = try session.call(op, args.merging(["workflow": .string(workflow)]))
            print(result, session)
        }
    }

    /// Says in which state the workflow of a reply is.
    func print(_ result: JSON, _ session: Session) {
        session.print([result]) {
            let state = result["state"]?.string ?? ""
            return ["\(workflow) is \(WorkflowPicture.colored(state: state, session.ink))."]
        }
    }
}
