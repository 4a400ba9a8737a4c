import ArgumentParser
import JSONLines
import WorkflowClient

/// Makes a workflow of a template or of a file.
struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a workflow of a template, or of a definition in a file.",
        discussion: "It is a draft until it is activated: workflowctl activate ID, or --activate.")

    @OptionGroup var service: ServiceOptions

    @Option(help: ArgumentHelp("A template; workflowctl templates lists them.", valueName: "id"))
    var template: String?

    @Option(help: "A definition as YAML or JSON.", completion: .file(extensions: ["yaml", "json"]))
    var file: String?

    @Option(help: "What to call it; without, it is called after its name.")
    var id: String?

    @Flag(help: "Let contacts in at once.")
    var activate = false

    @OptionGroup var confirmation: FieldConfirmation

    func validate() throws {
        if (template == nil) == (file == nil) {
            throw ValidationError("A workflow is made of either --template or --file.")
        }
    }

    func run() throws {
        try service.run { session in
            var args = JSONObject()
            args["id"] = (id ?? template).map(JSON.string)
            args["template"] = template.map(JSON.string)
            args["definition"] = try file.map(DefinitionFile.read)
            var workflow = try session.call("workflow.create", args)
            let name = workflow["id"]?.string ?? ""
            DefinitionWarnings.print(of: workflow)
            if activate {
                workflow = try confirmation.activate(name, session)
            }
            session.print([workflow]) {
                let next = activate ? "is active" : "is a draft; workflowctl activate \(name)"
                return ["The workflow \(name) \(next)."]
            }
        }
    }
}
