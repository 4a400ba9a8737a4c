import ArgumentParser
import JSONLines
import TerminalText

/// The ready-made definitions.
struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "List the ready-made workflows, or bring one back.",
        usage: """
            workflowctl templates
            workflowctl templates restore new-lead-follow-up
            """,
        discussion: "Make one your own with: workflowctl create --template ID",
        subcommands: [TemplatesListCommand.self, TemplatesRestoreCommand.self],
        defaultSubcommand: TemplatesListCommand.self)
}

/// Lists the ready-made definitions.
struct TemplatesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the ready-made workflows.")

    @OptionGroup var service: ServiceOptions

    func run() throws {
        try service.run { session in
            let templates = try session.list("template.list", "templates")
            var table = Table("template", "name", "description")
            for template in templates {
                table.append(["id", "name", "description"].map { template[$0]?.string ?? "" })
            }
            session.print(templates, orTable: table, none: "There are no templates.")
        }
    }
}

/// Makes a template that comes with the program what it was at first.
struct TemplatesRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a template that comes with workflowd back, deleted or changed.",
        discussion: "Workflows that were made of it stay as they are.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The template's id, such as new-lead-follow-up.")
    var template: String

    func run() throws {
        try service.run { session in
            let result = try session.call("template.restore", ["template": .string(template)])
            session.print([result]) { ["\(template) is as it came with workflowd."] }
        }
    }
}
