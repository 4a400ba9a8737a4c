import ArgumentParser

/// Let no more contacts into a workflow.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let no more contacts into a workflow; those inside go on.")

    @OptionGroup var change: StateChange

    func run() throws { try change.run("workflow.pause") }
}
