public import JSONLines

/// What a preview tells, as a timeline: when each step would happen, and what would come of it.
public struct TimelinePicture {
    private let preview: JSON

    /// A picture of what `workflow.preview` answered.
    public init(preview: JSON) { self.preview = preview }

    /// The lines of the picture, in local time; cut at `width` where one is given.
    public func lines(width: Int?, ink: Ink) -> [String] {
        let steps = preview["steps"]?.array ?? []
        let column = min(30, steps.map { ($0["step"]?.string ?? "").displayWidth }.max() ?? 0)
        var lines = ["Local time in \(preview["time_zone"]?.string ?? "UTC")"]
        if let refusal = preview["refused"] {
            lines.append(ink.yellow(Self.words(refusal: refusal)))
        }
        var (lastDay, lastPaths) = ("", "")
        for step in steps {
            let paths = Self.paths(step)
            if paths != lastPaths {
                lines.append(ink.cyan(paths.isEmpty ? "  (all paths)" : "  if \(paths)"))
                (lastPaths, lastDay) = (paths, "")
            }
            let (day, time) = Self.moment(step)
            let shown = day == lastDay ? String(repeating: " ", count: day.count) : day
            lastDay = day
            let text = "  \(shown) \(time)  "
            lines.append(text + draw(step, column, width.map { $0 - text.displayWidth }, ink))
        }
        if preview["truncated"]?.bool == true {
            lines.append("  ... and more: the preview ends here")
        }
        return lines
    }

    private static func words(refusal: JSON) -> String {
        let words = [refusal["message"]?.string, refusal["hint"]?.string].compactMap { $0 }
        return
            "  would not be enrolled (\(refusal["code"]?.string ?? "")): \(words.joined(separator: " "))"
    }

    private static func paths(_ step: JSON) -> String {
        (step["paths"]?.array ?? []).map { path in
            "\(path["branch"]?.string ?? "") is \"\(path["path"]?.string ?? "")\""
        }.joined(separator: ", ")
    }

    private static func moment(_ step: JSON) -> (day: String, time: String) {
        let text = step["local"]?.string.flatMap(MomentText.wallTime) ?? ""
        return (String(text.dropLast(6)), String(text.suffix(5)))
    }

    private func draw(_ step: JSON, _ column: Int, _ width: Int?, _ ink: Ink) -> String {
        let name = (step["step"]?.string ?? "").padded(to: column)
        let room = width.map { max(10, $0 - column - 4) } ?? .max
        let words = Self.words(step).cut(to: room)
        switch step["outcome"]?.string {
        case "sent": return "\(ink.green("●")) \(name)  \(words)"
        case "skipped": return "\(ink.yellow("✗")) \(name)  \(ink.yellow(words))"
        default: return "\(ink.dim("│ \(name)  \(words)"))"
        }
    }

    private static func words(_ step: JSON) -> String {
        switch step["outcome"]?.string {
        case "sent":
            let moved = step["moved_by"]?.string.map { " (moved by \($0))" } ?? ""
            return "\(step["channel"]?.string ?? "")\(moved): \(StepWords.content(step["content"]))"
        case "skipped":
            let detail = step["detail"]?.string.map { " \($0)" } ?? ""
            return "skipped: \(step["reason"]?.string ?? "")\(detail)".singleLine
        default: return passed(step)
        }
    }

    private static func passed(_ step: JSON) -> String {
        switch step["kind"]?.string {
        case "branch": "path \"\(step["path"]?.string ?? "")\""
        case "flag": "flag \(step["flag"]?.string ?? "")"
        case "exit": step["reason"]?.string.map { "exit: \($0)" } ?? "exit"
        case "delay": "the wait ends"
        default: step["kind"]?.string ?? ""
        }
    }
}
