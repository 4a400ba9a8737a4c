import ArgumentParser
import JSONLines
import TerminalText
import WorkflowModel

/// Where a contact stands, as a picture.
struct ContactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact",
        abstract: "Show where a contact stands: what it got, what it waits for, what is ahead.",
        usage: """
            workflowctl contact c-1 [--all]
            workflowctl contact c-1 phone=+12125550101 time_zone=America/Chicago
            """,
        discussion: "Fields are put first; an empty value takes one away.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The contact's id.")
    var contact: String

    @Argument(help: "Fields to put, as name=value.")
    var fields: [String] = []

    @Flag(help: "Show the enrollments that have ended, too.")
    var all = false

    func validate() throws { _ = try Assignments.read(fields) }

    func run() throws {
        try service.run { session in
            try putFields(session)
            let found = try session.call("contact.get", ["id": .string(contact)])
            var args: JSONObject = ["contact": .string(contact)]
            if !all { args["state"] = "active" }
            let enrollments = try session.list(
                "enrollment.list", "enrollments", args, limit: 50)
            let value = JSON.object(
                (found.object ?? [:]).merging(["enrollments": .array(enrollments)]))
            try session.print([value]) { try lines(found, enrollments, session) }
        }
    }

    private func putFields(_ session: Session) throws {
        guard !fields.isEmpty else { return }
        var changes = JSONObject()
        for (name, value) in try Assignments.read(fields) {
            changes[name] = value.isEmpty ? .null : .string(value)
        }
        try session.call("contact.put", ["id": .string(contact), "fields": .object(changes)])
    }

    private func lines(_ found: JSON, _ enrollments: [JSON], _ session: Session) throws -> [String]
    {
        let own = found["fields"]?["time_zone"]?.string.flatMap(ZoneCalendar.init)
        let zone = try own ?? session.businessZone()
        var lines = head(found, zone, session.ink)
        if enrollments.isEmpty {
            lines += ["", all ? "Never enrolled." : "Inside no workflow; --all shows the past."]
        }
        for enrollment in enrollments {
            lines += [""] + (try picture(enrollment, zone, session))
        }
        return lines
    }

    private func head(_ found: JSON, _ zone: ZoneCalendar?, _ ink: Ink) -> [String] {
        let fields = found["fields"]
        let name = ContactName.text(fields)
        let facts = ["phone", "email"].compactMap { fields?[$0]?.string }
        let clock = zone.map { ["on the clock of \($0.identifier)"] } ?? []
        var lines = [
            ([ink.bold(name.isEmpty ? contact : "\(name) (\(contact))".singleLine)] + facts + clock)
                .joined(separator: "  ")
        ]
        let optOuts = ContactName.optOuts(found)
        if !optOuts.isEmpty { lines.append(ink.yellow("Opted out of \(optOuts)")) }
        return lines
    }

    private func picture(_ enrollment: JSON, _ zone: ZoneCalendar?, _ session: Session) throws
        -> [String]
    {
        let workflow = try? session.call(
            "workflow.get",
            ["workflow": enrollment["workflow"] ?? "", "version": enrollment["version"] ?? 1])
        let executions = try session.list(
            "execution.list", "executions", ["enrollment": enrollment["id"] ?? ""], limit: 600)
        return EnrollmentPicture(
            enrollment: enrollment, definition: workflow?["definition"] ?? [:],
            executions: executions, zone: zone
        ).lines(width: session.output.width, ink: session.ink)
    }
}
