import ArgumentParser
import JSONLines
import TerminalText

/// Lists contacts, or those inside a workflow.
struct ContactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contacts", abstract: "List contacts, or who stands where in a workflow.")

    @OptionGroup var service: ServiceOptions

    @Option(help: "Only those in this workflow, with where they stand.")
    var workflow: String?

    @Option(help: "How many at most.")
    var limit = 100

    func run() throws {
        try service.run { session in
            if let workflow { return try printInside(workflow, session) }
            let contacts = try session.list("contact.list", "contacts", limit: limit)
            var table = Table("contact", "name", "phone", "email", "time zone", "opted out of")
            for contact in contacts { table.append(Self.row(contact)) }
            session.print(contacts, orTable: table, none: "There are no contacts.")
        }
    }

    private static func row(_ contact: JSON) -> [String] {
        let fields = contact["fields"]
        return [contact["id"]?.string ?? "", ContactName.text(fields)]
            + ["phone", "email", "time_zone"].map { fields?[$0]?.string ?? "" }
            + [ContactName.optOuts(contact)]
    }

    private func printInside(_ workflow: String, _ session: Session) throws {
        let found = try session.list(
            "enrollment.list", "enrollments",
            ["workflow": .string(workflow), "state": "active"], limit: limit)
        let zone = try session.businessZone()
        var table = Table("contact", "enrollment", "#version", "step", "waits for", "until")
        for one in found {
            table.append(
                ["contact", "id"].map { one[$0]?.string ?? "" } + [one["version"]?.text ?? ""]
                    + ["step", "waits_for"].map { one[$0]?.string ?? "" }
                    + [MomentText.text(rfc3339: one["next_at"]?.string, in: zone)])
        }
        session.print(found, orTable: table, none: "Nobody is inside \(workflow).")
    }
}

/// A contact in words.
enum ContactName {
    /// Its full name, or what there is of one.
    static func text(_ fields: JSON?) -> String {
        let parts = ["first_name", "last_name"].compactMap { fields?[$0]?.string }
        return fields?["full_name"]?.string ?? parts.joined(separator: " ")
    }

    /// The channels that it opted out of.
    static func optOuts(_ contact: JSON) -> String {
        if contact["suppressed"] == true { return "everything" }
        return (contact["suppressed"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }
}
