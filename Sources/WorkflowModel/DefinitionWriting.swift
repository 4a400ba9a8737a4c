public import JSONLines

extension WorkflowDefinition {
    /// The definition as JSON, in the form in which it is read, with every default written out.
    public var json: JSON {
        .object(
            members(
                ("name", .string(name)), ("description", .string(description)),
                ("entry", entry.json),
                ("exits", .array(exits.map(\.json))), ("reentry", reentry.json),
                ("steps", .array(steps.map(\.json)))))
    }
}

private func members(_ members: (String, JSON?)...) -> JSONObject {
    var object = JSONObject()
    for (name, value) in members { object[name] = value }
    return object
}

extension Entry {
    fileprivate var json: JSON {
        .object(
            members(("triggers", .array(triggers.map(\.json))), ("record", record.map(JSON.string)))
        )
    }
}

extension Trigger {
    fileprivate var json: JSON {
        .object(members(("signal", .string(signal)), ("where", filter.json)))
    }
}

extension [DataTest] {
    fileprivate var json: JSON? {
        guard !isEmpty else { return nil }
        var object = JSONObject()
        for test in self { object[test.name] = .object(test.comparison.members) }
        return .object(object)
    }
}

extension Comparison {
    fileprivate var members: JSONObject {
        var object = JSONObject()
        object[`operator`.rawValue] = operand
        return object
    }
}

extension ExitRule {
    fileprivate var json: JSON { .object(members(("name", .string(name)), ("when", when.json))) }
}

extension Reentry {
    fileprivate var json: JSON {
        .object(members(("rule", .string(rule.rawValue)), ("cooldown", cooldown?.json)))
    }
}

extension DurationAmount {
    /// The length as an object of its parts that are not zero; `{"minutes": 0}` where all are.
    public var json: JSON {
        var object = JSONObject()
        for (name, value) in [
            ("weeks", weeks), ("days", days), ("hours", hours), ("minutes", minutes),
        ]
        where value != 0 { object[name] = .integer(Int64(value)) }
        if object.isEmpty { object["minutes"] = 0 }
        return .object(object)
    }
}

extension Condition {
    /// The condition as JSON, in the form in which it is read.
    public var json: JSON {
        switch self {
        case .signal(let test):
            .object(
                members(
                    ("signal", .string(test.name)), ("where", test.filter.json),
                    ("since", test.sinceStep.map(JSON.string))))
        case .field(let path, let comparison):
            .object(members(("field", .string(path.text))).merging(comparison.members))
        case .all(let parts): ["all": .array(parts.map(\.json))]
        case .any(let parts): ["any": .array(parts.map(\.json))]
        case .not(let part): ["not": part.json]
        }
    }
}

extension Step {
    /// The step as JSON, in the form in which it is read.
    public var json: JSON {
        let head = members(
            ("id", .string(id)), ("kind", .string(action.kind)), ("name", name.map(JSON.string)))
        var object = head
        for (name, value) in action.fields.members { object[name] = value }
        return .object(object)
    }
}

extension StepAction {
    fileprivate var fields: JSONObject {
        switch self {
        case .message(let message): message.fields
        case .delay(let delay): delay.fields
        case .branch(let branch): branch.fields
        case .flag(let flag, let note):
            members(("flag", .string(flag)), ("note", note.map(JSON.string)))
        case .exit(let reason): members(("reason", reason.map(JSON.string)))
        }
    }
}

extension MessageStep {
    fileprivate var fields: JSONObject {
        members(
            ("channel", .string(primary.channel)), ("content", primary.contentJSON),
            ("fallback", fallback?.json), ("max_lateness", maxLateness?.json),
            ("not_after", notAfter.map { .string($0.text) }),
            ("quiet_hours", .string(quietHours.rawValue)),
            ("on_failure", .string(onFailure.rawValue)))
    }
}

extension MessageStep.Variant {
    fileprivate var contentJSON: JSON {
        var object = JSONObject()
        for part in content { object[part.name] = .string(part.template.source) }
        return .object(object)
    }

    fileprivate var json: JSON { ["channel": .string(channel), "content": contentJSON] }
}

extension DelayStep {
    fileprivate var fields: JSONObject {
        members(
            ("for", rule.amount?.json), ("at", rule.at.map { .string($0.text) }),
            ("on", rule.on.isEmpty ? nil : .array(rule.onInOrder)), ("from", from?.json))
    }
}

extension DelayStep.Origin {
    fileprivate var json: JSON {
        switch self {
        case .enrolled: "enrolled"
        case .field(let path): .string(path.text)
        }
    }
}

extension DelayRule {
    fileprivate var onInOrder: [JSON] {
        Weekday.allCases.filter(on.contains).map { .string($0.rawValue) }
    }
}

extension BranchStep {
    fileprivate var fields: JSONObject {
        let paths = paths.map { path in
            JSON.object(
                members(
                    ("name", .string(path.name)), ("when", path.when.json),
                    ("steps", .array(path.steps.map(\.json)))))
        }
        return members(
            ("paths", .array(paths)), ("otherwise", ["steps": .array(otherwise.map(\.json))]),
            ("within", within?.json))
    }
}
