import JSONLines
import WorkflowClient

/// Contacts, and a workflow that they are enrolled in.
struct Population {
    let client: CommandClient
    let count: Int
    static let workflow = "bench"
    private static let batch = 1_000

    /// Sets up a workflow of `steps` without quiet hours.
    func setUp(_ steps: JSON) throws {
        try client.call(
            "settings.put",
            [
                "time_zone": "America/New_York", "business": ["name": "Evergreen Home Services"],
                "notifications": ["quiet_hours": nil],
            ])
        let definition: JSON = [
            "name": "Bench", "exits": [["name": "booked", "when": ["signal": "job.booked"]]],
            "steps": steps,
        ]
        try client.call(
            "workflow.create", ["id": .string(Self.workflow), "definition": definition])
        try client.call("workflow.activate", ["workflow": .string(Self.workflow)])
    }

    /// Puts all contacts.
    func putContacts() throws {
        for start in stride(from: 0, to: count, by: Self.batch) {
            let lines = range(start).map { number -> JSON in
                [
                    "op": "contact.put",
                    "args": ["id": .string("c-\(number)"), "fields": fields(number)],
                ]
            }
            _ = try client.exchange(Array(lines.map(\.bytes).joined(separator: [0x0A])))
        }
    }

    /// Enrolls all contacts in bulk; with their fields where `withFields`.
    func enroll(withFields: Bool) throws {
        for start in stride(from: 0, to: count, by: Self.batch) {
            let contacts = range(start).map { number -> JSON in
                let id = JSON.string("c-\(number)")
                return ["contact": withFields ? ["id": id, "fields": fields(number)] : id]
            }
            try client.call(
                "enrollment.create",
                ["workflow": .string(Self.workflow), "contacts": .array(contacts)])
        }
    }

    private func range(_ start: Int) -> Range<Int> { start..<min(start + Self.batch, count) }

    private func fields(_ number: Int) -> JSON {
        let digits = String(1_000_000 + number % 9_000_000)
        return [
            "first_name": .string("Contact\(number)"), "phone": .string("+1212\(digits)"),
            "email": .string("c\(number)@example.com"),
        ]
    }
}
