import ArgumentParser
import JSONLines

/// Let contacts into a workflow.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Let contacts into a workflow.")

    @OptionGroup var change: StateChange

    @OptionGroup var confirmation: FieldConfirmation

    func run() throws { try change.run("workflow.activate", confirmation.adding(to: [:])) }
}

/// Says that fields which nothing has yet are meant.
struct FieldConfirmation: ParsableArguments {
    @Flag(help: "Activate it also where a field looks misspelled.")
    var confirmFields = false

    /// `args` of `workflow.activate` with what the option says.
    func adding(to args: JSONObject) -> JSONObject {
        confirmFields ? args.merging(["confirm_fields": true]) : args
    }
}
