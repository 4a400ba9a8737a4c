import JSONLines
import WorkflowProtocol

/// Where the service refuses work rather than let memory or waiting times grow without a bound.
enum Overload {
    /// The messages of one client, or of all, that wait for their turn fill the room for them.
    static let queueFull = refusal("Too much is waiting to be executed.")
    /// The messages that wait for events or for the clock fill the room for them.
    static let waitingFull = refusal("Too many commands are waiting.")

    /// In this time a turn comes around many times; it is no promise that there is room then.
    private static let retryAfter: Int64 = 1_000

    private static func refusal(_ message: String) -> CommandError {
        CommandError(
            .overloaded, message,
            hint: "Send it again after details.retry_after_ms; have fewer on their way at once.",
            details: ["retry_after_ms": .integer(retryAfter)])
    }
}
