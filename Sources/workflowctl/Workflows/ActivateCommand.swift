import ArgumentParser

/// Let contacts into a workflow.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Let contacts into a workflow.")

    @OptionGroup var change: StateChange

    func run() throws { try change.run("workflow.activate") }
}
