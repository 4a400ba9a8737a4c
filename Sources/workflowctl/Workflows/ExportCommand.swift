import ArgumentParser
import Foundation
import JSONLines
import WorkflowClient

/// Writes definitions into files, for version control.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write definitions into files, for version control.",
        usage: """
            workflowctl export > all-in-one.yaml (of the only workflow)
            workflowctl export follow-up > follow-up.yaml
            workflowctl export --to workflows
            """,
        discussion: """
            Each file holds one definition and is called after its workflow, such as follow-up.yaml. \
            workflowctl import brings changes back.
            """)

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The workflows; without any, all.")
    var workflows: [String] = []

    @Option(help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var to: String?

    @Flag(name: .long, help: "Write JSON in place of YAML.")
    var json = false

    func run() throws {
        try Reporting.run {
            let client = try connection.client()
            var ids = workflows
            if ids.isEmpty {
                ids = try client.list("workflow.list", "workflows").compactMap { $0["id"]?.string }
            }
            guard to != nil || ids.count == 1 else {
                throw ValidationError("Several workflows need a folder: --to FOLDER.")
            }
            for id in ids {
                let workflow = try client.call("workflow.get", ["workflow": .string(id)])
                try write(workflow["definition"] ?? [:], id)
            }
        }
    }

    private func write(_ definition: JSON, _ id: String) throws {
        let text = try DefinitionFile.text(definition, json ? .json : .yaml)
        guard let to else { return Terminal.output.write(text) }
        let path = "\(to)/\(id).\(json ? "json" : "yaml")"
        do {
            try FileManager.default.createDirectory(
                atPath: to, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw FileProblem.unwritable(path)
        }
        Terminal.output.print(path)
    }
}
