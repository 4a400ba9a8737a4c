import ArgumentParser
import JSONLines

/// Says what became of a message of which nobody knows.
struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say what became of a message of which nobody knows whether it went.",
        discussion: """
            workflowctl history --type message.unknown lists them. sent goes on behind the message, failed \
            counts as a failure for good, resend sends it again with the same key.
            """)

    enum Outcome: String, CaseIterable, ExpressibleByArgument { case sent, failed, resend }

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The enrollment, such as en_12.")
    var enrollment: String

    @Argument(help: "The step's id.")
    var step: String

    @Argument(help: "sent, failed or resend.")
    var outcome: Outcome

    func run() throws {
        try service.run { session in
            let result = try session.call(
                "execution.resolve",
                [
                    "enrollment": .string(enrollment), "step": .string(step),
                    "outcome": .string(outcome.rawValue),
                ])
            session.print([result]) {
                ["\(step) of \(enrollment) is resolved: \(outcome.rawValue)."]
            }
        }
    }
}
