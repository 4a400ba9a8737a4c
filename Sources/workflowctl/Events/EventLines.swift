import JSONLines
import TerminalText
import WorkflowModel

/// Events as lines, for people or for programs.
struct EventLines {
    let writesJSON: Bool
    /// On whose clock moments are shown; nil for UTC.
    let zone: ZoneCalendar?
    let output: Terminal

    /// One event as one line.
    func line(_ event: JSON) -> String {
        if writesJSON { return event.text }
        let seq = (event["seq"]?.text ?? "").leftPadded(to: 6)
        let at = MomentText.text(rfc3339: event["at"]?.string, in: zone)
        let who = [event["contact"], event["workflow"]].compactMap { $0?.string?.singleLine }
            .joined(separator: "  ")
        let ink = output.ink
        let head = "\(ink.dim(seq))  \(at)  \(ink.cyan(who))  "
        let room = output.width.map { $0 - head.displayWidth }
        return head + EventText.colored(event, width: room, ink: ink)
    }
}
