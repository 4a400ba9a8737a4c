import ArgumentParser
import JSONLines
import TerminalText

/// Follows the event feed, and misses nothing.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow the event feed, one line an event, until Ctrl-C.",
        discussion: """
            Nothing is missed: after a restart of the service it goes on behind the last event it showed. \
            With --json each line is an event as the feed carries it; what concerns the feed itself goes to \
            standard error.
            """)

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp("Begin behind this position; without, at the end.", valueName: "seq"))
    var from: Int64?

    @Option(help: "Only events of this contact.")
    var contact: String?

    @Option(help: "Only events of this workflow.")
    var workflow: String?

    @Option(
        name: .customLong("family"),
        help: ArgumentHelp(
            "Only events of this family, such as message; may be repeated.", valueName: "family"))
    var families: [String] = []

    @Flag(help: "End where the feed ends, in place of waiting for more.")
    var once = false

    func validate() throws {
        if let from, from < 0 { throw ValidationError("--from is a position: 0 or more.") }
    }

    func run() throws {
        try service.run { session in
            let lines = EventLines(
                writesJSON: session.writesJSON, zone: try session.businessZone(),
                output: session.output)
            var feed = try FollowedFeed(session.client, service.connection, after: from, families)
            // Lines are written at once, so that none is lost when Ctrl-C ends the program.
            try withExtendedLifetime(Interruption.endingProgram()) {
                while let events = try feed.next(waits: !once) {
                    session.output.print(events.filter(isWanted).map(lines.line))
                }
            }
        }
    }

    private func isWanted(_ event: JSON) -> Bool {
        (contact == nil || event["contact"]?.string == contact)
            && (workflow == nil || event["workflow"]?.string == workflow)
    }
}
