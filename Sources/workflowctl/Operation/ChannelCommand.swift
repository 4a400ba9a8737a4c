import ArgumentParser

/// What concerns channels.
struct ChannelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "Work on channels.",
        subcommands: [ChannelCheckCommand.self])
}
