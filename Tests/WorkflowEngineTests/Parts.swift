import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

// The parts that workflows and facts of tests are made of.

/// A message over `channel`, with a `fallback` over another and with `more` fields.
func message(
    _ id: String, _ channel: String = "sms", fallback: String? = nil, text: String = "Hello",
    _ more: JSONObject = [:]
) -> JSON {
    var step: JSONObject = [
        "id": .string(id), "kind": "message", "channel": .string(channel),
        "content": content(channel, text),
    ]
    if let fallback {
        step["fallback"] = ["channel": .string(fallback), "content": content(fallback, text)]
    }
    return .object(step.merging(more))
}

/// A message over `sms` with `more` fields.
func message(_ id: String, _ more: JSONObject) -> JSON {
    message(id, "sms", more)
}

private func content(_ channel: String, _ text: String) -> JSON {
    switch channel {
    case "email": ["subject": "News", "text": .string(text)]
    case "call_reminder": ["title": .string(text)]
    default: ["text": .string(text)]
    }
}

/// A delay with the given fields.
func delay(_ fields: JSONObject) -> JSON {
    .object((["kind": "delay"] as JSONObject).merging(fields))
}

/// A branch with one path.
func branch(
    _ id: String, _ path: String, when: JSON, _ steps: [JSON], otherwise: [JSON] = [],
    within: JSON = nil
) -> JSON {
    [
        "id": .string(id), "kind": "branch", "within": within,
        "paths": [["name": .string(path), "when": when, "steps": .array(steps)]],
        "otherwise": ["steps": .array(otherwise)],
    ]
}

/// A flag.
func flag(_ name: String) -> JSON { ["kind": "flag", "flag": .string(name)] }

/// An exit rule.
func exit(_ name: String, when: JSON) -> JSON { ["name": .string(name), "when": when] }

extension Facts {
    /// A contact in New York with a phone and an email address, without quiet hours.
    static func plain(record: JSONObject? = nil, zone: String = "America/New_York") -> Facts {
        guard let zone = ZoneCalendar(identifier: zone),
            let businessZone = ZoneCalendar(identifier: "America/New_York")
        else { preconditionFailure("The zone database is missing.") }
        var settings = Settings()
        settings.quietHours = nil
        return Facts(
            contactID: "ann",
            contact: ["first_name": "Ann", "phone": "+12125550100", "email": "ann@example.com"],
            record: record, settings: settings,
            channels: [
                "sms": ChannelFacts(readiness: .open, audience: .contact(addressField: "phone")),
                "email": ChannelFacts(readiness: .open, audience: .contact(addressField: "email")),
                "call_reminder": ChannelFacts(readiness: .open, audience: .staff),
            ],
            zone: zone, businessZone: businessZone)
    }

    /// The same, quiet from 20:00 to 09:00.
    static func quiet(record: JSONObject? = nil, zone: String = "America/New_York") -> Facts {
        var facts = plain(record: record, zone: zone)
        facts.settings.quietHours = Settings.defaultQuietHours
        return facts
    }

    /// These facts with one thing changed.
    func with(_ change: (inout Facts) -> Void) -> Facts {
        var facts = self
        change(&facts)
        return facts
    }

    /// Makes `channel` as ready as given.
    mutating func set(_ channel: String, _ readiness: ChannelFacts.Readiness) {
        channels[channel]?.readiness = readiness
    }
}

extension SendOutcome {
    /// A failure that may pass.
    static var transient: SendOutcome { .failed(SendFailure(.transient, reason: "busy")) }
    /// A failure that stays.
    static var permanent: SendOutcome { .failed(SendFailure(.permanent, reason: "no_such_number")) }
    /// The channel is set up wrongly.
    static var config: SendOutcome { .failed(SendFailure(.config, reason: "bad_token")) }
    /// The contact opted out at the provider.
    static var suppressed: SendOutcome { .failed(SendFailure(.suppressed, reason: "stop")) }
    /// Nobody knows.
    static var lost: SendOutcome { .unknown(reason: "timeout") }
}
