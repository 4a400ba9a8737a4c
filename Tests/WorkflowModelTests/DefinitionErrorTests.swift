import JSONLines
import Testing
import WorkflowModel

/// What is wrong with a definition is said with its path and how to mend it.
struct DefinitionErrorTests {
    /// Something wrong, where the offence is, and a part of what is said about it.
    struct Case: Sendable, CustomTestStringConvertible {
        var json: JSON
        var path: String
        var kind = FieldError.Kind.invalid
        var says: String

        var testDescription: String { "\(path): \(says)" }
    }

    private func expect(_ offence: Case, in definition: JSON, at place: String) {
        let path = offence.path.isEmpty ? place : "\(place).\(offence.path)"
        do {
            _ = try WorkflowDefinition(json: definition, at: "args.definition")
            Issue.record("It was accepted.")
        } catch {
            #expect(error.path == "args.definition" + path)
            #expect(error.kind == offence.kind)
            let words = error.message + " " + (error.hint ?? "")
            #expect(words.contains(offence.says), "\(words)")
        }
    }

    // MARK: The definition

    private static let wholes: [Case] = [
        Case(json: [], path: "", says: "Expected an object, not an array."),
        Case(json: [:], path: "name", kind: .missing, says: "required"),
        Case(json: ["name": ""], path: "name", says: "must not be empty"),
        Case(json: ["name": 7], path: "name", says: "Expected a string, not an integer."),
        Case(
            json: ["name": "n", "step": []], path: "step", kind: .unknown,
            says: "Did you mean \"steps\"?"),
        Case(
            json: ["name": "n", "zzz": 1], path: "zzz", kind: .unknown,
            says: "Known fields: description"),
        Case(
            json: ["name": "n", "steps": ["kind": "exit"]], path: "steps", says: "Expected an array"
        ),
        Case(
            json: ["name": "n", "reentry": "nevr"], path: "reentry", says: "Did you mean \"never\"?"
        ),
        Case(
            json: ["name": "n", "reentry": ["cooldown": [:]]], path: "reentry.cooldown",
            says: "none of weeks"),
        Case(
            json: ["name": "n", "reentry": ["cooldown": ["days": -1]]],
            path: "reentry.cooldown.days",
            says: "from 0 to 1827"),
        Case(
            json: ["name": "n", "entry": ["triggers": [["signal": "lead"]]]],
            path: "entry.triggers[0].signal", says: "For instance sms.replied."),
        Case(
            json: [
                "name": "n",
                "entry": ["triggers": [["signal": "a.b", "where": ["x": ["equal": 1]]]]],
            ],
            path: "entry.triggers[0].where.x", says: "exactly one of equals"),
        Case(
            json: ["name": "n", "entry": ["triggers": [["signal": "a.b", "where": ["x": nil]]]]],
            path: "entry.triggers[0].where.x", says: #"{"exists": false}"#),
        Case(
            json: ["name": "n", "exits": [["name": "a b", "when": ["signal": "a.b"]]]],
            path: "exits[0].name", says: "1 to 64 letters"),
        Case(
            json: [
                "name": "n",
                "exits": [
                    ["name": "a", "when": ["signal": "a.b"]],
                    ["name": "a", "when": ["signal": "a.b"]],
                ],
            ], path: "exits[1].name", says: "this name already"),
        Case(
            json: ["name": "n", "exits": [["name": "a"]]], path: "exits[0].when", kind: .missing,
            says: "required"),
    ]

    @Test(arguments: wholes) func aWrongDefinition(_ offence: Case) {
        let path = offence.path.isEmpty ? "" : "." + offence.path
        let plain = Case(json: offence.json, path: "", kind: offence.kind, says: offence.says)
        expect(plain, in: offence.json, at: path)
    }

    // MARK: Steps

    private static let steps: [Case] = [
        Case(json: [:], path: "kind", kind: .missing, says: "required"),
        Case(json: ["kind": "messag"], path: "kind", says: "Did you mean \"message\"?"),
        Case(json: ["kind": "exit", "id": "a b"], path: "id", says: "without spaces"),
        Case(
            json: ["kind": "exit", "id": .string(String(repeating: "x", count: 65))], path: "id",
            says: "1 to 64"),
        Case(json: ["kind": "exit", "text": "x"], path: "text", kind: .unknown, says: "not known"),
        Case(json: ["kind": "flag"], path: "flag", kind: .missing, says: "required"),
        // Messages
        Case(json: ["kind": "message"], path: "channel", kind: .missing, says: "required"),
        Case(
            json: ["kind": "message", "channel": "sms"], path: "content", kind: .missing,
            says: #"For instance {"text""#),
        Case(
            json: ["kind": "message", "channel": "sms", "content": ["body": "x"]],
            path: "content.text",
            kind: .missing, says: "required"),
        Case(
            json: ["kind": "message", "channel": "sms", "content": ["text": "x", "subject": "y"]],
            path: "content.subject", kind: .unknown, says: "Known fields: text"),
        Case(
            json: ["kind": "message", "channel": "email", "content": ["text": "x"]],
            path: "content.subject", kind: .missing, says: "required"),
        Case(
            json: ["kind": "message", "channel": "fax", "content": [:]], path: "content",
            says: "1 to 20 texts"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "Hi {{ contat.name }}"],
            ],
            path: "content.text", says: "At character"),
        Case(
            json: ["kind": "message", "channel": "sms", "content": ["text": "{% if x %}"]],
            path: "content.text", says: "At character 1:"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "x"],
                "fallback": ["channel": "email", "content": ["subject": "x"]],
            ], path: "fallback.content.text", kind: .missing, says: "required"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "x"], "quiet_hours": "hld",
            ],
            path: "quiet_hours", says: "Did you mean \"hold\"?"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "x"], "on_failure": "stop",
            ],
            path: "on_failure", says: "one of continue, exit"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "x"],
                "max_lateness": ["hour": 1],
            ],
            path: "max_lateness.hour", kind: .unknown, says: "Did you mean \"hours\"?"),
        Case(
            json: [
                "kind": "message", "channel": "sms", "content": ["text": "x"],
                "not_after": "business.x",
            ],
            path: "not_after", says: "contact or record"),
        // Delays
        Case(json: ["kind": "delay"], path: "for", kind: .missing, says: "A delay needs"),
        Case(
            json: ["kind": "delay", "for": ["days": -1]], path: "for.days", says: "from 0 to 1827"),
        Case(
            json: ["kind": "delay", "for": ["days": 1_828]], path: "for.days",
            says: "from 0 to 1827"),
        Case(
            json: ["kind": "delay", "for": ["days": -1_828], "from": "record.x"], path: "for.days",
            says: "from -1827 to 1827"),
        Case(
            json: ["kind": "delay", "for": ["days": 1.5]], path: "for.days",
            says: "Expected an integer"),
        Case(json: ["kind": "delay", "at": "9:00"], path: "at", says: "For instance 09:30."),
        Case(json: ["kind": "delay", "at": "24:00"], path: "at", says: "not a time of day"),
        Case(json: ["kind": "delay", "on": []], path: "on", says: "names no day"),
        Case(
            json: ["kind": "delay", "on": ["mon", "tues"]], path: "on[1]",
            says: "Did you mean \"tue\"?"),
        Case(
            json: ["kind": "delay", "from": "recrd.x"], path: "from",
            says: "Did you mean \"record\"?"),
        Case(
            json: ["kind": "delay", "from": "business.x"], path: "from", says: "contact or record"),
        // Branches
        Case(json: ["kind": "branch"], path: "paths", says: "at least one path"),
        Case(
            json: ["kind": "branch", "paths": [["name": "p"]]], path: "paths[0].when",
            kind: .missing,
            says: "required"),
        Case(
            json: [
                "kind": "branch",
                "paths": [
                    ["name": "p", "when": ["signal": "a.b"]],
                    ["name": "p", "when": ["signal": "a.b"]],
                ],
            ], path: "paths[1].name", says: "this name already"),
        Case(
            json: ["kind": "branch", "paths": [["name": "otherwise", "when": ["signal": "a.b"]]]],
            path: "paths[0].name", says: "this name already"),
        Case(
            json: [
                "kind": "branch", "paths": [["name": "p", "when": ["signal": "a.b"]]],
                "otherwise": ["steps": [["kind": "delay"]]],
            ], path: "otherwise.steps[0].for", kind: .missing, says: "A delay needs"),
    ]

    @Test(arguments: steps) func aWrongStep(_ offence: Case) {
        let inner: JSON = [
            "kind": "branch",
            "paths": [
                [
                    "name": "p", "when": ["signal": "a.b"],
                    "steps": [["kind": "exit"], offence.json],
                ]
            ],
        ]
        expect(offence, in: ["name": "n", "steps": [offence.json]], at: ".steps[0]")
        expect(
            offence, in: ["name": "n", "steps": [["kind": "exit"], inner]],
            at: ".steps[1].paths[0].steps[1]")
    }

    // MARK: Conditions

    private static let conditions: [Case] = [
        Case(json: [:], path: "", says: "exactly one of signal, field, all, any, not"),
        Case(json: ["signal": "a.b", "field": "record.x"], path: "", says: "exactly one of"),
        Case(json: ["signal": "booked"], path: "signal", says: "dotted"),
        Case(
            json: ["signal": "a.b", "wher": [:]], path: "wher", kind: .unknown,
            says: "Did you mean \"where\"?"),
        Case(json: ["signal": "a.b", "since": "nowhere"], path: "", says: "names no step"),
        Case(json: ["signal": "a.b", "since": "fist"], path: "", says: "Did you mean \"first\"?"),
        Case(
            json: ["field": "record", "equals": 1], path: "field", says: "Write \"record.name\"."),
        Case(json: ["field": "enrollment.x", "equals": 1], path: "field", says: "no such field"),
        Case(json: ["field": "record.x"], path: "", says: "exactly one of equals"),
        Case(
            json: ["field": "record.x", "equals": 1, "in": []], path: "",
            says: "exactly one of equals"),
        Case(json: ["field": "record.x", "exists": 1], path: "exists", says: "true or false"),
        Case(json: ["field": "record.x", "in": 1], path: "in", says: "an array of values"),
        Case(
            json: ["field": "record.x", "less_than": true], path: "less_than",
            says: "a number or a text"),
        Case(json: ["all": []], path: "all", says: "at least one condition"),
        Case(
            json: ["any": [["signal": "a.b"], ["not": ["all": []]]]], path: "any[1].not.all",
            says: "at least one"),
    ]

    @Test(arguments: conditions) func aWrongCondition(_ offence: Case) {
        let first: JSON = ["kind": "exit", "id": "first"]
        expect(
            offence,
            in: ["name": "n", "exits": [["name": "e", "when": offence.json]], "steps": [first]],
            at: ".exits[0].when")
        let branch: JSON = ["kind": "branch", "paths": [["name": "p", "when": offence.json]]]
        expect(
            offence, in: ["name": "n", "steps": [first, branch]], at: ".steps[1].paths[0].when")
    }

    @Test func twoStepsOfOneIDAreRefused() {
        let same = Case(json: nil, path: "", says: "the id \"a\"")
        expect(
            same,
            in: [
                "name": "n", "steps": [["id": "a", "kind": "exit"], ["id": "a", "kind": "exit"]],
            ],
            at: ".steps[1].id")
    }
}
