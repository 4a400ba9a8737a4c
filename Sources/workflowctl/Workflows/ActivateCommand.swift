import ArgumentParser
import JSONLines
import WorkflowClient

/// Let contacts into a workflow.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Let contacts into a workflow.")

    @OptionGroup var change: StateChange

    @OptionGroup var confirmation: FieldConfirmation

    func run() throws {
        try change.service.run { session in
            let result = try confirmation.activate(change.workflow, session)
            change.print(result, session)
        }
    }
}

/// Says that fields which nothing has yet are meant.
struct FieldConfirmation: ParsableArguments {
    @Flag(help: "Activate it also where a field looks misspelled.")
    var confirmFields = false

    /// Lets contacts into `workflow`; a refusal over its fields names the option.
    func activate(_ workflow: String, _ session: Session) throws -> JSON {
        var args: JSONObject = ["workflow": .string(workflow)]
        if confirmFields { args["confirm_fields"] = true }
        do {
            return try session.call("workflow.activate", args)
        } catch ClientError.refused(let op, let code, let words) where code == Self.refusal {
            let own = words.replacing(Self.member, with: Self.option(workflow))
            throw ClientError.refused(op: op, code: code, own)
        }
    }

    private static let refusal = "fields_unconfirmed"
    /// What the service asks its clients for.
    private static let member = "send \"confirm_fields\": true"
    private static func option(_ workflow: String) -> String {
        "run: workflowctl activate \(workflow) --confirm-fields"
    }
}
