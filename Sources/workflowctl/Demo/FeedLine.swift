import Foundation
import JSONLines
import WorkflowModel

/// One event of the feed as a line for people.
struct FeedLine {
    let text: String

    /// Nil for events that say nothing to a person who watches.
    init?(_ event: JSON, zones: [String: String]) {
        guard let contact = event["contact"]?.string, let what = FeedLine.what(event) else {
            return nil
        }
        let at = event["at"]?.string.flatMap(Instant.init(rfc3339:))
        let zone = ZoneCalendar(identifier: zones[contact] ?? "UTC")
        let time = at.flatMap { at in zone.map { FeedLine.clock(at, $0) } } ?? ""
        text = "  \(time)  \(contact.padded(11)) \(what)"
    }

    private static func clock(_ at: Instant, _ zone: ZoneCalendar) -> String {
        let local = zone.local(at)
        let time = WallTime(hour: local.hour, minute: local.minute)?.text ?? ""
        return "\(local.date.weekday.rawValue.capitalized) \(local.date.iso) \(time)"
    }

    private static func what(_ event: JSON) -> String? {
        let step = event["step"]?.string ?? ""
        switch event["type"]?.string {
        case "message.sent":
            let content = event["content"]
            let words = content?["subject"] ?? content?["title"] ?? content?["text"]
            return "\(event["channel"]?.string ?? "") sent: \(words?.string ?? "")"
        case "message.held":
            return "\(step) waits: \(event["reason"]?.string ?? "")"
        case "message.skipped":
            return "\(step) skipped: \(event["reason"]?.string ?? "")"
        case "step.executed" where event["kind"] == "branch":
            return "\(step): path \"\(event["path"]?.string ?? "")\""
        case "enrollment.exited": return "left: \(event["exit"]?.string ?? "")"
        case "enrollment.finished": return "is through"
        default: return nil
        }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
