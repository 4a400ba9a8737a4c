public import JSONLines

/// A step of a definition in words.
public enum StepWords {
    /// What the step does, in some words: `sms "Hi Ann..."`, `wait 1 day, until 10:00`.
    public static func text(_ step: JSON) -> String {
        switch step["kind"]?.string {
        case "message": message(step)
        case "delay": delay(step)
        case "branch": branch(step)
        case "flag": "flag \(step["flag"]?.string ?? "")"
        case "exit": step["reason"]?.string.map { "exit: \($0)" } ?? "exit"
        default: step["kind"]?.string ?? ""
        }
    }

    private static func message(_ step: JSON) -> String {
        let words = content(step["content"])
        let fallback = step["fallback"]?["channel"]?.string.map { ", else \($0)" } ?? ""
        return "\(step["channel"]?.string ?? "")\(fallback)"
            + (words.isEmpty ? "" : " \"\(words)\"")
    }

    /// What a person would call the message: its subject, its title, or its text.
    public static func content(_ content: JSON?) -> String {
        let words = content?["subject"] ?? content?["title"] ?? content?["text"]
        return words?.string?.singleLine ?? ""
    }

    private static func delay(_ step: JSON) -> String {
        var parts: [String] = []
        if let length = step["for"] { parts.append(duration(length)) }
        if let from = step["from"]?.string { parts.append("from \(from)") }
        if let at = step["at"]?.string { parts.append("at \(at)") }
        if let days = step["on"]?.array {
            parts.append("on \(days.compactMap(\.string).joined(separator: ", "))")
        }
        return "wait " + parts.joined(separator: " ")
    }

    private static func branch(_ step: JSON) -> String {
        guard let within = step["within"] else { return "branch" }
        return "branch, waits up to \(duration(within))"
    }

    /// A duration in words: `1 day 2 hours`.
    public static func duration(_ value: JSON) -> String {
        (value.object?.members ?? []).compactMap { name, amount in
            guard let count = amount.integer else { return nil }
            return count.magnitude == 1 ? "\(count) \(name.dropLast())" : "\(count) \(name)"
        }.joined(separator: " ")
    }
}
