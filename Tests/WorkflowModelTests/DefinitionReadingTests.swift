import JSONLines
import Testing
import WorkflowModel

/// Definitions as JSON: each field read, and written back in the canonical form.
struct DefinitionReadingTests {
    /// A definition that uses every field there is.
    static let full: JSON = [
        "name": "Everything", "description": "All fields",
        "entry": [
            "triggers": [
                [
                    "signal": "lead.created",
                    "where": ["source": "web", "score": ["greater_than": 3]],
                ]
            ], "record": "lead",
        ],
        "exits": [
            ["name": "booked", "when": ["signal": "job.booked", "where": ["ok": true]]],
            [
                "name": "owed",
                "when": [
                    "all": [
                        ["field": "record.balance", "equals": 0.5],
                        ["field": "record.a", "not_equals": "x"],
                        ["field": "record.b", "less_than": "2026-01-01"],
                        ["field": "record.c", "contains": "x"],
                        ["field": "record.d", "exists": false],
                        ["field": "record.e", "in": [1, "two", nil]],
                    ]
                ],
            ],
        ],
        "reentry": [
            "rule": "never", "cooldown": ["weeks": 1, "days": 2, "hours": 3, "minutes": 4],
        ],
        "steps": [
            [
                "id": "welcome", "kind": "message", "name": "Welcome", "channel": "email",
                "content": [
                    "subject": "Hi", "text": "Hello {{ contact.first_name | default: 'you' }}",
                    "html": "<p>Hi</p>",
                ],
                "fallback": ["channel": "pigeon", "content": ["note": "Coo", "ring": "7"]],
                "max_lateness": ["hours": 16], "not_after": "record.starts_at",
                "quiet_hours": "ignore",
                "on_failure": "exit",
            ],
            [
                "id": "wait", "kind": "delay", "for": ["days": -1, "hours": 2], "at": "10:05",
                "on": ["tue", "mon"], "from": "record.due_date",
            ],
            ["id": "again", "kind": "delay", "from": "enrolled", "for": ["minutes": 0]],
            [
                "id": "fork", "kind": "branch", "within": ["days": 3],
                "paths": [
                    [
                        "name": "Clicked it",
                        "when": [
                            "any": [
                                ["signal": "link.clicked", "since": "welcome"],
                                ["not": ["field": "contact.vip", "exists": true]],
                            ]
                        ],
                        "steps": [["id": "f", "kind": "flag", "flag": "hot", "note": "Call"]],
                    ]
                ], "otherwise": ["steps": [["id": "x", "kind": "exit", "reason": "cold"]]],
            ],
        ],
    ]

    @Test func readsEveryField() throws {
        let definition = try WorkflowDefinition(json: DefinitionReadingTests.full, at: "args")
        #expect(definition.name == "Everything" && definition.description == "All fields")
        #expect(definition.entry.record == "lead")
        let trigger = try #require(definition.entry.triggers.first)
        #expect(trigger.signal == "lead.created")
        #expect(
            trigger.filter == [
                DataTest(name: "source", comparison: Comparison(.equals, "web")),
                DataTest(name: "score", comparison: Comparison(.greaterThan, 3)),
            ])
        #expect(definition.exits.map(\.name) == ["booked", "owed"])
        #expect(definition.reentry.rule == .never)
        #expect(
            definition.reentry.cooldown == DurationAmount(weeks: 1, days: 2, hours: 3, minutes: 4))
        #expect(definition.allSteps.map(\.id) == ["welcome", "wait", "again", "fork", "f", "x"])
        #expect(definition.channels == ["email", "pigeon"])
    }

    @Test func readsEveryFieldOfAStep() throws {
        let steps = try WorkflowDefinition(json: DefinitionReadingTests.full, at: "").steps
        guard case .message(let message) = steps[0].action, case .delay(let wait) = steps[1].action,
            case .delay(let again) = steps[2].action, case .branch(let branch) = steps[3].action
        else {
            Issue.record("The kinds are wrong.")
            return
        }
        #expect(steps[0].name == "Welcome")
        #expect(message.primary.content.map(\.name) == ["html", "subject", "text"])
        #expect(message.fallback?.content.map(\.template.source) == ["Coo", "7"])
        #expect(message.maxLateness == DurationAmount(hours: 16))
        #expect(message.notAfter?.text == "record.starts_at")
        #expect(message.quietHours == .ignore && message.onFailure == .exit)
        #expect(wait.rule.amount == DurationAmount(days: -1, hours: 2))
        #expect(wait.rule.at?.text == "10:05" && wait.rule.on == [.mon, .tue])
        #expect(wait.from == FieldPath("record.due_date").map(DelayStep.Origin.field))
        #expect(again.from == .enrolled)
        #expect(branch.within == DurationAmount(days: 3))
        #expect(branch.paths[0].name == "Clicked it")
        #expect(branch.paths[0].steps[0].action == .flag(name: "hot", note: "Call"))
        #expect(branch.otherwise[0].action == .exit(reason: "cold"))
        #expect(branch.paths[0].when.signalTests.map(\.sinceStep) == ["welcome"])
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let definition = try WorkflowDefinition(
            json: [
                "name": "Least",
                "steps": [["kind": "message", "channel": "sms", "content": ["text": "Hi"]]],
            ], at: "")
        #expect(definition.description == "" && definition.exits.isEmpty)
        #expect(definition.entry == Entry() && definition.reentry == Reentry(rule: .afterFinish))
        #expect(definition.steps[0].id == "step-1")
        guard case .message(let message) = definition.steps[0].action else { return }
        #expect(
            message.quietHours == .hold && message.onFailure == .continue
                && message.maxLateness == nil)
    }

    private static let reentries: [(JSON, Reentry.Rule)] = [
        ("never", .never), ("after_finish", .afterFinish), (["rule": "never"], .never),
        (["cooldown": ["days": 1]], .afterFinish), (nil, .afterFinish),
    ]

    @Test(arguments: reentries)
    func reentryMayBeATextOrAnObject(_ json: JSON, _ rule: Reentry.Rule) throws {
        let definition = try WorkflowDefinition(json: ["name": "R", "reentry": json], at: "")
        #expect(definition.reentry.rule == rule)
    }

    @Test func stepsWithoutAnIDGetTheNextFreeOne() throws {
        let inner: JSON = [
            "kind": "branch",
            "paths": [["name": "p", "when": ["signal": "a.b"], "steps": [["kind": "exit"]]]],
        ]
        let definition = try WorkflowDefinition(
            json: [
                "name": "N", "steps": [["kind": "exit"], ["kind": "exit", "id": "step-2"], inner],
            ], at: "")
        #expect(Set(definition.allSteps.map(\.id)) == ["step-1", "step-2", "step-3", "step-4"])
    }

    @Test func sinceEnrolledIsTheDefault() throws {
        let definition = try WorkflowDefinition(
            json: [
                "name": "S",
                "exits": [["name": "e", "when": ["signal": "a.b", "since": "enrolled"]]],
            ], at: "")
        #expect(definition.exits[0].when == .signal(SignalTest(name: "a.b")))
    }

    // MARK: Writing

    @Test func theWrittenFormReadsAsTheSame() throws {
        let definition = try WorkflowDefinition(json: DefinitionReadingTests.full, at: "")
        let text = definition.json.bytes
        let again = try WorkflowDefinition(json: try JSON(parsing: text), at: "")
        #expect(again == definition)
        #expect(again.json.bytes == text, "The form is canonical.")
    }

    @Test func aFullDefinitionIsWrittenAsItWasRead() throws {
        var expected = try #require(DefinitionReadingTests.full.object)
        var entry = try #require(expected["entry"]?.object)
        // An equality is written out, and weekdays stand in their order.
        entry["triggers"] = [
            [
                "signal": "lead.created",
                "where": ["source": ["equals": "web"], "score": ["greater_than": 3]],
            ]
        ]
        expected["entry"] = .object(entry)
        var exits = try #require(expected["exits"]?.array)
        exits[0] = [
            "name": "booked", "when": ["signal": "job.booked", "where": ["ok": ["equals": true]]],
        ]
        expected["exits"] = .array(exits)
        var steps = try #require(expected["steps"]?.array)
        var wait = try #require(steps[1].object)
        wait["on"] = ["mon", "tue"]
        steps[1] = .object(wait)
        expected["steps"] = .array(steps)
        let definition = try WorkflowDefinition(json: DefinitionReadingTests.full, at: "")
        #expect(definition.json == .object(expected))
    }
}
