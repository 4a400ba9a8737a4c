import ArgumentParser

/// Stop a workflow at once.
struct HaltCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halt",
        abstract: "Stop a workflow at once: nothing is sent until it is active again.")

    @OptionGroup var change: StateChange

    func run() throws { try change.run("workflow.halt") }
}
