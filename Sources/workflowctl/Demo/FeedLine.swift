import JSONLines
import TerminalText
import WorkflowModel

/// One event of the demonstration as a line.
struct FeedLine {
    let text: String

    /// Nil for events that say nothing to a person who watches.
    init?(_ event: JSON, zones: [String: String]) {
        guard let contact = event["contact"]?.string, FeedLine.isTold(event) else { return nil }
        let zone = ZoneCalendar(identifier: zones[contact] ?? "UTC")
        let time = MomentText.text(rfc3339: event["at"]?.string, in: zone)
        text = "  \(time)  \(contact.padded(to: 11)) \(EventText.words(event))"
    }

    private static func isTold(_ event: JSON) -> Bool {
        switch event["type"]?.string {
        case "step.executed": event["kind"] == "branch"
        case "message.sent", "message.held", "message.skipped", "enrollment.exited",
            "enrollment.finished":
            true
        default: false
        }
    }
}
