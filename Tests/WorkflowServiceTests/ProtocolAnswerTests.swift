import GRDB
import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// Answers that a client acts upon: codes, paths, when to try again.
struct ProtocolAnswerTests {
    private let message: JSON = [
        "id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"],
    ]

    private func harness() throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        return harness
    }

    /// The error of one line.
    private func error(_ harness: ServiceHarness, _ line: String) throws -> JSON? {
        try harness.exchange(line)[0]["error"]
    }

    // MARK: Lines

    @Test(
        "What is no command by its shape is an invalid request",
        arguments: [
            ("[]", "A command is an object, not an array."),
            ("1", "A command is an object, not an integer."),
            ("null", "A command is an object, not null."),
            (#"["contact.put"]"#, "A command is an object, not an array."),
        ])
    func shapes(line: String, message: String) throws {
        let error = try error(harness(), line)
        #expect(error?["code"] == "invalid_request")
        #expect(error?["message"] == .string(message))
    }

    @Test func aDirectiveIsTheFirstLine() throws {
        let replies = try harness().exchange(
            #"{"op":"clock.get"}"#, #"{"batch":"atomic"}"#, #"{"op":"clock.get"}"#)
        #expect(replies.map { $0["ok"] } == [true, false, true])
        #expect(replies[1]["error"]?["code"] == "invalid_request")
        #expect(replies[1]["error"]?["path"] == "batch")
    }

    @Test(
        "Where an id stands under another name, the name is told",
        arguments: [
            (
                #"{"op":"workflow.get","args":{"id":"t"}}"#, "args.workflow",
                "\"workflow\", not \"id\""
            ),
            (
                #"{"op":"template.get","args":{"id":"t"}}"#, "args.template",
                "\"template\", not \"id\""
            ),
            (#"{"op":"contact.get","args":{"contact":"t"}}"#, "args.id", "\"id\", not \"contact\""),
            (
                #"{"op":"enrollment.get","args":{"id":"en_1"}}"#, "args.enrollment",
                "\"enrollment\", not \"id\""
            ),
        ])
    func otherNames(line: String, path: String, hint: String) throws {
        let error = try error(harness(), line)
        #expect(error?["path"] == .string(path))
        #expect(error?["hint"] == .string("This command calls it \(hint)."))
    }

    // MARK: Keys

    @Test func membersOfARepeatedCommandHaveNoOrder() throws {
        let harness = try harness()
        let first =
            #"{"op":"contact.put","key":"k","args":{"id":"c","fields":{"a":1,"b":{"x":1,"y":2}}}}"#
        let second =
            #"{"args":{"fields":{"b":{"y":2,"x":1.0},"a":1},"id":"c"},"key":"k","op":"contact.put"}"#
        #expect(try harness.exchange(first)[0]["replayed"] == nil)
        #expect(try harness.exchange(second)[0]["replayed"] == true)
        let other = second.replacing(#""a":1"#, with: #""a":2"#)
        #expect(try error(harness, other)?["code"] == "key_mismatch")
    }

    @Test func keysOfEarlierProgramsAreKnown() throws {
        let harness = try harness()
        let line = #"{"op":"contact.put","key":"k","args":{"id":"c","fields":{"b":1,"a":2.0}}}"#
        try harness.exchange(line)
        let stored = ContentHash.text(of: #"contact.put {"id":"c","fields":{"b":1,"a":2.0}} "#)
        let other = try DatabaseQueue(path: harness.databasePath)
        try other.write {
            try $0.execute(sql: "UPDATE idempotency SET command = ?", arguments: [stored])
        }
        #expect(try harness.exchange(line)[0]["replayed"] == true)
    }

    // MARK: Lists

    @Test(
        "A cursor of another list is refused",
        arguments: [
            ("workflow.list", [:]), ("template.list", [:]), ("contact.list", [:]),
            ("record.list", [:]), ("enrollment.list", [:]), ("execution.list", [:]),
            ("key.list", [:]), ("workflow.versions", ["workflow": "test"]),
        ] as [(String, JSONObject)],
        [
            "garbage", "c12", "", "workflows", "workflows:", "contacts:x", "contacts:-1",
            "executions:", "x:1",
        ])
    func foreignCursors(list: (String, JSONObject), cursor: String) throws {
        let args = list.1.merging(["cursor": .string(cursor)])
        let reply = try harness().reply(list.0, .object(args))
        #expect(reply["error"]?["code"] == "invalid_value", "\(reply)")
        #expect(reply["error"]?["path"] == "args.cursor")
    }

    @Test func aCursorGoesOnWhereItsPageEnded() throws {
        let harness = try harness()
        for id in ["a", "b", "c"] { try harness.enroll(id) }
        let lists = [
            ("contact.list", "contacts"), ("enrollment.list", "enrollments"),
            ("template.list", "templates"),
        ]
        for (op, name) in lists {
            let all = try harness.call(op)[name]?.array ?? []
            var found: [JSON] = []
            var args: JSONObject = ["limit": 1]
            repeat {
                let page = try harness.call(op, .object(args))
                found += page[name]?.array ?? []
                args["cursor"] = page["next"]
            } while args["cursor"] != nil && found.count < 20
            #expect(found == all, "\(op)")
        }
        let foreign = try harness.call("contact.list", ["limit": 1])["next"]
        let reply = try harness.reply("enrollment.list", ["cursor": foreign ?? nil])
        #expect(reply["error"]?["code"] == "invalid_value")
    }

    // MARK: Moments

    @Test func theClockDoesNotGoBack() throws {
        let harness = try harness()
        let reply = try harness.reply("clock.advance", ["to": "2026-03-02T14:59:59Z"])
        #expect(reply["error"]?["code"] == "invalid_value")
        #expect(reply["error"]?["path"] == "args.to")
    }

    @Test func whatIsToComeIsNotPurged() throws {
        let harness = try harness()
        let reply = try harness.reply("execution.purge", ["before": "2099-01-01T00:00:00Z"])
        #expect(reply["error"]?["code"] == "invalid_value")
        #expect(reply["error"]?["path"] == "args.before")
        #expect(try harness.reply("events.read", ["after": 0])["ok"] == true)
    }

    @Test func aSecondTimeThatIsNeverAllowedIsNeverTriedAgain() throws {
        for (reentry, retry) in [("never", "never"), ("cooldown", "later")] {
            let harness = try ServiceHarness()
            let rule: JSON =
                reentry == "never" ? "never" : ["rule": "after_finish", "cooldown": ["days": 9]]
            try harness.call("settings.put", ["time_zone": "UTC"])
            try harness.call(
                "workflow.create",
                [
                    "id": "test",
                    "definition": ["name": "t", "reentry": rule, "steps": [["kind": "exit"]]],
                ])
            try harness.call("workflow.activate", ["workflow": "test"])
            try harness.enroll("a")
            let reply = try harness.reply(
                "enrollment.create", ["workflow": "test", "contact": "a"])
            #expect(reply["error"]?["code"] == "reentry_not_allowed")
            #expect(reply["error"]?["retry"] == .string(retry))
        }
    }

    // MARK: Steps

    private func stepHarness() throws -> ServiceHarness {
        let harness = try ServiceHarness()
        let steps: JSON = [
            message, ["id": "wait", "kind": "delay", "for": ["days": 1]],
            [
                "id": "ask", "kind": "branch",
                "paths": [
                    [
                        "name": "yes", "when": ["signal": "sms.replied", "since": "wait"],
                        "steps": [["id": "inner", "kind": "flag", "flag": "f"]],
                    ]
                ],
            ],
        ]
        try harness.setUp(
            steps, exits: [["name": "gone", "when": ["signal": "lead.closed", "since": "hello"]]])
        return harness
    }

    private static let steps:
        [(op: String, args: JSONObject, code: String, path: String, words: String)] = [
            (
                "step.create", ["step": ["id": "wait", "kind": "exit"]], "already_exists",
                "args.step.id", "There is a step with this id."
            ),
            (
                "step.create",
                [
                    "step": [
                        "id": "new", "kind": "branch",
                        "paths": [
                            [
                                "name": "p", "when": ["signal": "a.b"],
                                "steps": [["id": "inner", "kind": "exit"]],
                            ]
                        ],
                    ]
                ], "already_exists", "args.step.paths[0].steps[0].id",
                "There is a step with this id."
            ),
            (
                "step.create",
                [
                    "step": [
                        "id": "new", "kind": "branch",
                        "paths": [["name": "p", "when": ["signal": "a.b", "since": "waait"]]],
                    ]
                ], "invalid_value", "args.step.paths[0].when",
                "\"since\" names no step of this workflow."
            ),
            (
                "step.update", ["step": "wait", "changes": ["id": "ask"]], "already_exists",
                "args.changes.id", "There is a step with this id."
            ),
            (
                "step.update", ["step": "wait", "changes": ["id": "pause"]], "invalid_value",
                "args.changes.id",
                "The path \"yes\" of the step \"ask\" counts signals since this step."
            ),
            (
                "step.update",
                [
                    "step": "ask",
                    "changes": ["paths": [["name": "otherwise", "when": ["signal": "a.b"]]]],
                ],
                "invalid_value", "args.changes.paths[0].name",
                "Another path of this branch has this name already."
            ),
            (
                "step.delete", ["step": "hello"], "invalid_value", "args.step",
                "The exit \"gone\" counts signals since this step."
            ),
            (
                "step.delete", ["step": "wait"], "invalid_value", "args.step",
                "The path \"yes\" of the step \"ask\" counts signals since this step."
            ),
        ]

    @Test(arguments: steps.indices) func changesOfSteps(_ index: Int) throws {
        let (op, args, code, path, words) = ProtocolAnswerTests.steps[index]
        let harness = try stepHarness()
        let reply = try harness.reply(op, .object(args.merging(["workflow": "test"])))
        #expect(reply["error"]?["code"] == .string(code))
        #expect(reply["error"]?["path"] == .string(path))
        #expect(reply["error"]?["message"] == .string(words))
    }

    @Test func stepsThatNobodyCountsFromAreRenamedAndRemoved() throws {
        let harness = try stepHarness()
        try harness.call(
            "step.update", ["workflow": "test", "step": "inner", "changes": ["id": "new"]])
        try harness.call("step.delete", ["workflow": "test", "step": "ask"])
        try harness.call(
            "step.update", ["workflow": "test", "step": "wait", "changes": ["id": "pause"]])
    }

    // MARK: Names

    @Test(
        "Ids are made of names that people can read",
        arguments: [
            ("Über Größe 42", "uber-grosse-42"), ("Ann's Café", "anns-cafe"), ("日本", "ri-ben"),
            ("Привет, мир", "privet-mir"), ("Follow-up!", "follow-up"), ("👋", "workflow"),
            ("  A  B  ", "a-b"),
        ])
    func readableIDs(name: String, id: String) throws {
        let created = try harness().call(
            "workflow.create", ["definition": ["name": .string(name)]])
        #expect(created["id"] == .string(id))
    }

    @Test func aChangeOfCodePointsIsAChange() throws {
        let harness = try harness()
        try harness.call("contact.put", ["id": "c", "fields": ["first_name": "Ren\u{E9}"]])
        let put = try harness.call(
            "contact.put", ["id": "c", "fields": ["first_name": "Rene\u{301}"]])
        #expect(put["fields"]?["first_name"] == "Rene\u{301}")
        try harness.call("workflow.update", ["workflow": "test", "changes": ["name": "\u{E9}"]])
        let update = try harness.call(
            "workflow.update", ["workflow": "test", "changes": ["name": "e\u{301}"]])
        #expect(update["version"] == 3)
        #expect(update["name"] == "e\u{301}")
        let template = try harness.call(
            "template.create", ["id": "t", "name": "\u{E9}", "workflow": "test"])
        #expect(template["rev"] == 1)
        #expect(
            try harness.call("template.update", ["template": "t", "name": "e\u{301}"])["rev"] == 2)
    }

    // MARK: People

    @Test(
        "What is no mail address is refused as a phone number is",
        arguments: ["ann", "", "no", "b@example.com\u{200B}"])
    func mailAddresses(email: String) throws {
        let harness = try harness()
        let fields: JSON = ["email": .string(email), "phone": "+12125550101"]
        let put = try harness.reply("contact.put", ["id": "c", "fields": fields])
        #expect(put["error"]?["code"] == "invalid_value")
        #expect(put["error"]?["path"] == "args.fields.email")
        let enrolled = try harness.reply(
            "enrollment.create",
            ["workflow": "test", "contact": ["id": "c", "fields": fields]])
        #expect(enrolled["error"]?["path"] == "args.contact.fields.email")
        let bulk = try harness.call(
            "enrollment.create",
            ["workflow": "test", "contacts": [["contact": ["id": "c", "fields": fields]]]])
        #expect(bulk["refused"] == 1)
        #expect(try harness.reply("contact.get", ["id": "c"])["error"]?["code"] == "not_found")
    }

    @Test func storedMailAddressesStay() throws {
        let harness = try harness()
        try harness.call("contact.put", ["id": "c", "fields": ["first_name": "Ann"]])
        let other = try DatabaseQueue(path: harness.databasePath)
        try other.write {
            try $0.execute(sql: #"UPDATE contact SET fields = '{"email":"ann"}'"#)
        }
        let put = try harness.call("contact.put", ["id": "c", "fields": ["first_name": "Bo"]])
        #expect(put["fields"] == ["email": "ann", "first_name": "Bo"])
        // Who sends again what is stored already loses nothing else.
        let again = try harness.call(
            "contact.put", ["id": "c", "fields": ["first_name": "Cy", "email": "ann"]])
        #expect(again["fields"] == ["email": "ann", "first_name": "Cy"])
    }

    @Test func anAddressThatIsANumberIsToldFromNone() throws {
        let harness = try ServiceHarness()
        let telegram = ScriptedChannels.state("telegram")
        harness.channels.channels.append(
            ChannelState(
                name: "telegram", capacity: 10, isUp: true, isStarting: false,
                audience: .contact(addressField: "telegram_id"),
                tellsRepeatedKeys: telegram.tellsRepeatedKeys,
                answersQueries: telegram.answersQueries))
        try harness.setUp([
            ["id": "t", "kind": "message", "channel": "telegram", "content": ["text": "Hi"]]
        ])
        try harness.call(
            "enrollment.create",
            ["workflow": "test", "contact": ["id": "c", "fields": ["telegram_id": 1004]]])
        let skipped = harness.published.first { $0["type"] == "message.skipped" }
        #expect(skipped?["reason"] == "missing_address")
        #expect(skipped?["detail"] == "contact.telegram_id holds an integer, not a text")
    }

    // MARK: Previews

    @Test func aPreviewSaysWhyAContactWouldBeRefused() throws {
        let harness = try ServiceHarness()
        try harness.call("settings.put", ["time_zone": "UTC"])
        let definition: JSON = [
            "name": "w", "entry": ["record": "invoice"],
            "exits": [["name": "paid", "when": ["field": "record.balance", "equals": 0]]],
            "steps": [
                ["id": "due", "kind": "delay", "from": "record.due_date"], message,
            ],
        ]
        try harness.call("workflow.create", ["id": "w", "definition": definition])
        try harness.call("workflow.activate", ["workflow": "w"])
        try harness.call(
            "contact.put", ["id": "c", "fields": ["phone": "+12125550101"]])
        let records: [(JSON, String?)] = [
            (["balance": 5], "anchor_missing"),
            (["balance": "0.00", "due_date": "2026-03-09"], "exit_condition_holds"),
            (["balance": 5, "due_date": "2026-01-01"], "nothing_to_send"),
            (["balance": 5, "due_date": "2026-03-09"], nil),
        ]
        for (index, (fields, code)) in records.enumerated() {
            let record: JSON = ["type": "invoice", "id": .string("i\(index)"), "fields": fields]
            let args: JSON = ["workflow": "w", "contact": "c", "record": record]
            let preview = try harness.call("workflow.preview", args)
            #expect(preview["refused"]?["code"]?.string == code)
            let refused = try harness.reply("enrollment.create", args)["error"]
            #expect(preview["refused"]?["message"] == refused?["message"])
            #expect(preview["refused"]?["details"] == refused?["details"])
        }
        for record: JSON in [
            ["type": "job", "id": "j", "fields": ["due_date": "2026-03-09"]],
            ["type": "job", "fields": ["due_date": "2026-03-09"]], ["type": "job", "fields": [:]],
        ] {
            let args: JSON = ["workflow": "w", "contact": "c", "record": record]
            let other = try harness.call("workflow.preview", args)
            #expect(other["refused"]?["code"] == "record_required")
        }
        try harness.call(
            "signal.send", ["name": "contact.unsubscribed", "contact": "c"])
        let suppressed = try harness.call(
            "workflow.preview",
            ["workflow": "w", "contact": "c", "record": ["fields": ["due_date": "2026-03-09"]]])
        #expect(suppressed["refused"]?["code"] == "contact_suppressed")
    }

    @Test(
        arguments: [
            (["rule": "never"], "never", "reentry_not_allowed"),
            (["rule": "after_finish", "cooldown": ["days": 7]], "soon", "reentry_not_allowed"),
            (["rule": "after_finish", "cooldown": ["days": 7]], "later", nil),
            (["rule": "after_finish"], "soon", nil),
        ] as [(JSON, String, String?)])
    func aPreviewSaysWhetherAContactMayComeBack(_ reentry: JSON, _ when: String, _ code: String?)
        throws
    {
        let harness = try ServiceHarness()
        try harness.call("settings.put", ["time_zone": "UTC"])
        let definition: JSON = ["name": "w", "reentry": reentry, "steps": [message]]
        try harness.call("workflow.create", ["id": "w", "definition": definition])
        try harness.call("workflow.activate", ["workflow": "w"])
        try harness.call("contact.put", ["id": "c", "fields": ["phone": "+12125550101"]])
        let args: JSON = ["workflow": "w", "contact": "c"]
        #expect(try harness.call("workflow.preview", args)["refused"] == nil)
        try harness.call("enrollment.create", args)
        harness.settle()
        if when == "later" { try harness.advance(to: "2026-03-12T15:00:00Z") }
        let preview = try harness.call("workflow.preview", args)
        #expect(preview["refused"]?["code"]?.string == code)
        let refused = try harness.reply("enrollment.create", args)["error"]
        #expect(preview["refused"]?["message"] == refused?["message"])
        #expect(preview["refused"]?["details"] == refused?["details"])
    }

    @Test(
        arguments: [
            ["phone": "5550101"], ["email": "ann"], ["email": ""], ["first_name": 7],
        ] as [JSON])
    func aPreviewSaysWhichFieldsWouldNotBeTaken(_ fields: JSON) throws {
        let harness = try ServiceHarness()
        try harness.call("settings.put", ["time_zone": "UTC"])
        try harness.call(
            "workflow.create", ["id": "w", "definition": ["name": "w", "steps": [message]]])
        try harness.call("workflow.activate", ["workflow": "w"])
        let args: JSON = ["workflow": "w", "contact": ["id": "c", "fields": fields]]
        let preview = try harness.call("workflow.preview", args)["refused"]
        let refused = try harness.reply("enrollment.create", args)["error"]
        #expect(preview?["code"] == "invalid_value")
        for name in ["code", "message", "hint", "path"] {
            #expect(preview?[name] == refused?[name])
        }
    }

    // MARK: Settings

    @Test func settingsThatCannotWorkAreRefused() throws {
        let harness = try harness()
        let refused: [(JSON, String)] = [
            (["senders": ["sms": "Evergreen Home Services"]], "args.senders.sms"),
            (["links": ["unsubscribe": "javascript:alert(1)"]], "args.links.unsubscribe"),
            (
                ["notifications": ["quiet_hours": ["start": "09:00", "end": "09:00"]]],
                "args.notifications.quiet_hours.end"
            ),
        ]
        for (args, path) in refused {
            let before = try harness.call("settings.get")
            let reply = try harness.reply("settings.put", args)
            #expect(reply["error"]?["code"] == "invalid_value")
            #expect(reply["error"]?["path"] == .string(path))
            #expect(try harness.call("settings.get") == before)
        }
    }

    @Test func settingsOfEarlierProgramsGoOn() throws {
        let harness = try harness()
        let stored = #"""
            {"time_zone":"UTC","senders":{"sms":"Evergreen Home Services"},
            "notifications":{"quiet_hours":{"start":"09:00","end":"09:00"}},
            "links":{"unsubscribe":"nolink"},"business":{"booking_url":"javascript:alert(1)"}}
            """#
        let other = try DatabaseQueue(path: harness.databasePath)
        try other.write {
            try $0.execute(
                sql: "UPDATE meta SET value = ? WHERE key = 'settings'", arguments: [stored])
        }
        try harness.crash()
        try harness.enroll("a")
        harness.settle()
        #expect(harness.channels.received.count == 1)
        let senders: JSON = ["sms": "Evergreen Home Services", "email": "office@example.com"]
        try harness.call("settings.put", ["senders": senders])
    }
}
