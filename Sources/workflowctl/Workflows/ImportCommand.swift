import ArgumentParser
import Foundation
import JSONLines
import TerminalText
import WorkflowClient

/// Brings definitions from files back, after showing what would change.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring definitions from files back, after showing what would change.",
        discussion: """
            A file is for the workflow that it is called after; where there is none, a draft is made. \
            Nothing changes before a yes on the terminal, or --yes. Without either it shows the difference \
            and ends with 1 where there is one. Contacts inside stay on the version they entered.
            """)

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "Files with definitions.", completion: .file(extensions: ["yaml", "json"]))
    var files: [String]

    @Flag(help: "Apply without asking.")
    var yes = false

    func run() throws {
        try Reporting.run {
            let client = try connection.client()
            var changes: [DefinitionChange] = []
            for file in files {
                let change = try DefinitionChange(file: file, client)
                Terminal.output.print(
                    change.lines(Terminal.output.ink))
                if !change.isEmpty { changes.append(change) }
            }
            guard !changes.isEmpty else { return }
            guard try isAgreed(changes.count) else { throw ExitCode(1) }
            for change in changes { Terminal.output.print(try change.apply(client)) }
        }
    }

    private func isAgreed(_ count: Int) throws -> Bool {
        if yes { return true }
        guard isatty(0) == 1, Terminal.errors.isTerminal else {
            Terminal.errors.print("workflowctl: nothing was changed; add --yes to apply.")
            return false
        }
        Terminal.errors.write(
            "Apply \(count == 1 ? "this change" : "these \(count) changes")? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
