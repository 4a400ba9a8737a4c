import ArgumentParser
import JSONLines
import TerminalText

/// Shows the settings, and changes single ones.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show the settings, or change some of them.",
        usage: """
            workflowctl settings
            workflowctl settings time_zone=America/New_York business.name="Evergreen Home Services"
            workflowctl settings quiet_hours=20:00-09:00 quiet_hours.email=none
            """,
        discussion: """
            Names: time_zone, business.NAME, senders.CHANNEL, links.unsubscribe, quiet_hours (from-to, or \
            none) and quiet_hours.CHANNEL. An empty value takes a setting away. What is not named stays.
            """)

    @OptionGroup var service: ServiceOptions

    @Argument(help: "Settings to change; without any, all are shown.")
    var changes: [String] = []

    func validate() throws { _ = try Assignments.read(changes) }

    func run() throws {
        try service.run { session in
            var settings = try session.call("settings.get")
            if !changes.isEmpty {
                let edit = try SettingsEdit(settings, try Assignments.read(changes))
                settings = try session.call("settings.put", edit.changed)
            }
            session.print([settings]) { Self.lines(settings, session) }
        }
    }

    private static func lines(_ settings: JSON, _ session: Session) -> [String] {
        var table = Table("setting", "value")
        for (name, value) in settings.object?.members ?? [] { append(name, value, to: &table) }
        if settings["notifications"]?["quiet_hours"] == nil {
            table.append(["quiet_hours", "20:00-09:00 (where nobody set others)"])
        }
        return table.lines(width: session.output.width, ink: session.ink)
    }

    private static func append(_ name: String, _ value: JSON, to table: inout Table) {
        if name == "notifications", value.object != nil {
            appendHours(value["quiet_hours"], to: &table)
        } else if let object = value.object {
            for (member, value) in object.members {
                append("\(name).\(member)", value, to: &table)
            }
        } else {
            table.append([name, value.string ?? value.text])
        }
    }

    private static func appendHours(_ hours: JSON?, to table: inout Table) {
        guard let hours else { return }
        table.append(["quiet_hours", QuietHoursText.text(hours)])
        for (channel, value) in hours["channels"]?.object?.members ?? [] {
            table.append(["quiet_hours.\(channel)", QuietHoursText.text(value)])
        }
    }
}
