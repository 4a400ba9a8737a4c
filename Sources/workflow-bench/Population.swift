import Foundation
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
    ///
    /// The time taken is that between the sending and the answer of each command.
    @discardableResult
    func enroll(withFields: Bool) throws -> Duration {
        var time = Duration.zero
        for start in stride(from: 0, to: count, by: Self.batch) {
            let command = enrollment(of: range(start), withFields: withFields)
            let begin = ContinuousClock.now
            let reply = try client.exchange(command)
            time += ContinuousClock.now - begin
            try check(reply)
        }
        return time
    }

    private func enrollment(of contacts: Range<Int>, withFields: Bool) -> [UInt8] {
        let contacts = contacts.map { number -> JSON in
            let id = JSON.string("c-\(number)")
            return ["contact": withFields ? ["id": id, "fields": fields(number)] : id]
        }
        let command: JSON = [
            "op": "enrollment.create",
            "args": ["workflow": .string(Self.workflow), "contacts": .array(contacts)],
        ]
        return command.bytes
    }

    private func check(_ reply: [UInt8]) throws(ClientError) {
        guard let json = try? JSON(parsing: reply), json["ok"] == true else {
            throw .reply(String(decoding: reply.prefix(200), as: UTF8.self))
        }
    }

    /// Makes sure that `expected` enrollments are in the workflow's count `name`.
    func checkCount(_ name: String, _ expected: Int) throws {
        let stats = try client.call("workflow.stats", ["workflow": .string(Self.workflow)])
        guard stats[name]?.integer == Int64(expected) else {
            throw ClientError.reply("\(name) should be \(expected): \(stats.text)")
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
