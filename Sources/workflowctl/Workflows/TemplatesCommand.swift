import ArgumentParser
import JSONLines
import TerminalText

/// Lists the ready-made definitions.
struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "List the ready-made workflows.",
        discussion: "Make one your own with: workflowctl create --template ID")

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
