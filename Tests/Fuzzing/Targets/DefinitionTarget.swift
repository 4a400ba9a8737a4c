import JSONLines
import WorkflowEngine
import WorkflowModel

extension FuzzTarget {
    /// A definition that is read is written in a form that reads equal; it can be laid out and previewed.
    static let definition = FuzzTarget("definition") { bytes in
        guard let json = try? JSON(parsing: bytes) else { return }
        let definition: WorkflowDefinition
        do throws(FieldError) {
            definition = try WorkflowDefinition(json: json, at: "args.definition")
        } catch {
            return try require(
                error.path.hasPrefix("args.definition") && !error.message.isEmpty,
                "An offence has a path.")
        }
        guard let again = try? WorkflowDefinition(json: definition.json, at: "") else {
            throw Broken("What is written can be read.")
        }
        try require(again == definition, "What is written reads equal.")
        try require(again.json == definition.json, "And is written the same.")
        try preview(definition)
    }

    private static func preview(_ definition: WorkflowDefinition) throws {
        let timeline = Timeline(definition)
        try require(timeline.nodes.count == definition.allSteps.count, "Each step has a number.")
        for facts in facts {
            for start in [Instant.acceptedRange.lowerBound, .acceptedRange.upperBound, summer] {
                let steps = Preview.steps(of: timeline, facts: facts, start: start, signals: nil)
                try require(steps.count <= Preview.limit, "A preview is bounded.")
                for step in steps {
                    let zone = facts.zone
                    _ = step.at.text(offsetSeconds: zone.offset(at: step.at))
                    _ = step.planned.rfc3339
                }
                _ = Preview.steps(
                    of: timeline, facts: facts, start: start,
                    signals: [Signal(number: 1, name: "a.b", at: start, data: ["n": 1])])
            }
        }
    }

    private static let summer = Instant(milliseconds: 1_782_864_000_000)

    /// A plain contact, and one whose fields are at the ends of all ranges.
    private static var facts: [Facts] {
        let hostile: JSONObject = [
            "starts_at": "0001-01-01", "due_date": "9999-12-31", "at": "9999-12-31T23:59:59Z",
            "balance": 9_007_199_254_740_991, "rate": 1.7e308, "list": [[[]]], "text": "{{ a }}",
        ]
        return [
            (["due_date": "2026-07-01"] as JSONObject, "America/New_York"),
            (hostile, "Pacific/Apia"),
        ]
        .compactMap { record, name in
            ZoneCalendar(identifier: name).map { facts(record, $0) }
        }
    }

    private static func facts(_ record: JSONObject, _ zone: ZoneCalendar) -> Facts {
        let channels = ["sms": "phone", "email": "email"].mapValues {
            ChannelFacts(readiness: .open, audience: .contact(addressField: $0))
        }
        let fields = record.merging(["phone": "+12125550100", "email": "ann@example.com"])
        return Facts(
            contactID: "ann", contact: fields, record: record, settings: Settings(),
            channels: channels, zone: zone, businessZone: zone)
    }
}
