public import JSONLines

/// An event of the feed in words.
public enum EventText {
    /// What happened, such as `sms sent: Hi Ann` or `left: unsubscribed`.
    ///
    /// A type that is not known here is named as it is.
    public static func words(_ event: JSON) -> String {
        let type = event["type"]?.string ?? ""
        let family = type.prefix { $0 != "." }
        let words =
            switch family {
            case "message": message(event, String(type.dropFirst(8)))
            case "step": step(event)
            case "enrollment": enrollment(event, type)
            case "flag": "flag \(text(event, "flag"))\(suffix(event, "note"))"
            case "signal": "signal \(text(event, "signal"))"
            case "contact": contact(event, type)
            case "inbound": inbound(event, type)
            case "workflow": workflow(event, type)
            default: type
            }
        return words.singleLine
    }

    private static func message(_ event: JSON, _ what: String) -> String {
        let step = text(event, "step")
        switch what {
        case "sent", "accepted", "delivered":
            let content = StepWords.content(event["content"])
            let name = "\(text(event, "channel")) \(what)"
            return content.isEmpty ? "\(name): \(step)" : "\(name): \(content)"
        case "held":
            return "\(step) waits: \(text(event, "reason"))"
        case "skipped":
            return "\(step) skipped: \(text(event, "reason"))\(suffix(event, "detail"))"
        case "failed":
            return "\(text(event, "channel")) failed: \(step), \(text(event, "reason"))"
        default:
            return "\(text(event, "channel")) \(what): \(step)\(suffix(event, "reason"))"
        }
    }

    private static func step(_ event: JSON) -> String {
        let step = text(event, "step")
        switch event["kind"]?.string {
        case "branch": return "\(step): path \"\(text(event, "path"))\""
        case "delay": return "\(step): waited"
        default: return "\(step): done"
        }
    }

    private static func enrollment(_ event: JSON, _ type: String) -> String {
        switch type {
        case "enrollment.created": "enrolled"
        case "enrollment.finished": "is through"
        case "enrollment.exited": "left: \(text(event, "exit"))"
        case "enrollment.unenrolled": "was taken out"
        default: type
        }
    }

    private static func contact(_ event: JSON, _ type: String) -> String {
        let channel = event["channel"]?.string ?? "all channels"
        return switch type {
        case "contact.suppressed": "opted out of \(channel)"
        case "contact.resubscribed": "takes messages again over \(channel)"
        case "contact.deleted": "was erased"
        default: type
        }
    }

    private static func inbound(_ event: JSON, _ type: String) -> String {
        guard type == "inbound.unmatched" else { return type }
        return "\(text(event, "channel")): \(text(event, "kind")) of somebody unknown"
    }

    private static func workflow(_ event: JSON, _ type: String) -> String {
        switch type {
        case "workflow.created": "workflow created"
        case "workflow.updated": "workflow changed, now version \(event["version"]?.text ?? "?")"
        case "workflow.state_changed":
            "workflow \(text(event, "from")) -> \(text(event, "to"))"
        case "workflow.deleted": "workflow deleted"
        default: type
        }
    }

    private static func text(_ event: JSON, _ name: String) -> String {
        event[name]?.string ?? ""
    }

    private static func suffix(_ event: JSON, _ name: String) -> String {
        event[name]?.string.map { " (\($0))" } ?? ""
    }

    /// The words in the colour of what they mean, cut at `width` columns where one is given.
    public static func colored(_ event: JSON, width: Int? = nil, ink: Ink) -> String {
        let all = self.words(event)
        let words = width.map { all.cut(to: max(10, $0)) } ?? all
        switch event["type"]?.string ?? "" {
        case "message.sent", "message.delivered", "enrollment.finished": return ink.green(words)
        case "message.held", "message.skipped", "flag.raised", "inbound.unmatched":
            return ink.yellow(words)
        case "message.failed", "message.unknown": return ink.red(words)
        default: return words
        }
    }
}
