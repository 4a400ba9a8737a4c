import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What a channel is told about a message besides its text: what it is about, and what its reader needs.
struct SendContext {
    let turn: Turn
    let stored: StoredEnrollment
    let version: Version
    let facts: Facts

    /// The member `context` of the request for `intent`.
    func members(_ intent: SendIntent) throws -> JSONObject {
        var context: JSONObject = [
            "workflow": .string(version.workflowName), "step": .string(intent.step),
            "enrollment": .string(EnrollmentID.text(stored.enrollment.id)),
            "contact": .string(facts.contactID), "planned": .string(intent.planned.rfc3339),
            "time_zone": .string(facts.zone.identifier),
            "defaults_used": .array(intent.defaultsUsed.map(JSON.string)),
        ]
        if case .staff? = facts.channels[intent.channel]?.audience {
            try addWhatStaffNeed(to: &context)
        } else {
            context["unsubscribe_url"] = facts.unsubscribeLink.map(JSON.string)
        }
        return context
    }

    /// Whom it is about, how to reach them, and what they have had so far.
    private func addWhatStaffNeed(to context: inout JSONObject) throws {
        context["business_time_zone"] = .string(facts.businessZone.identifier)
        context["contact_name"] = contactName.map(JSON.string)
        context["contact_phone"] = facts.contact["phone"]?.string.map(JSON.string)
        context["sent"] = .array(try sentSoFar())
    }

    private var contactName: String? {
        if let name = text("full_name") { return name }
        let parts = ["first_name", "last_name"].compactMap(text)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private func text(_ field: String) -> String? {
        guard let text = facts.contact[field]?.string, !text.isEmpty else { return nil }
        return text
    }

    /// The messages of this enrollment that left, oldest first.
    private func sentSoFar() throws -> [JSON] {
        let filter = HistoryFilter(
            contact: stored.contact, enrollment: stored.enrollment.id,
            types: ["message.accepted", "message.sent", "message.delivered"])
        let events = try turn.session.events(filter, before: .max, limit: Self.mostSent)
        return try events.reversed().compactMap { event in
            let body = try JSON(parsing: event.body)
            guard let content = body["content"] else { return nil }
            var entry: JSONObject = ["at": .string(event.at.rfc3339)]
            entry["channel"] = body["channel"]
            for name in ["subject", "title", "text"] where entry.members.count < 3 {
                entry[name] = content[name]
            }
            return .object(entry)
        }
    }

    /// More would not be read by anybody.
    private static let mostSent = 20
}
