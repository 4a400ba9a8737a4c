import GRDB
import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// What channels report: it counts for their own messages alone, and whatever they write harms nobody.
struct ReportTests {
    /// A text that is answered, a mail a day later, and a branch on whether the first was delivered.
    private func harness() throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try harness.setUp(
            [
                ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"]],
                ["id": "wait", "kind": "delay", "for": ["days": 1]],
                [
                    "id": "mail", "kind": "message", "channel": "email",
                    "content": ["subject": "s", "text": "t"],
                ],
                [
                    "id": "arrived", "kind": "branch",
                    "paths": [
                        ["name": "yes", "when": ["signal": "message.delivered"], "steps": []]
                    ],
                ],
            ], exits: [["name": "bounced", "when": ["signal": "message.failed"]]])
        return harness
    }

    private func count(_ outcome: String, _ channel: String, _ harness: ServiceHarness) throws
        -> JSON?
    {
        try harness.call("channel.list")["channels"]?.array?
            .first { $0["name"]?.string == channel }?["\(outcome)_reports"]
    }

    // MARK: Keys

    private static let failed = SendOutcome.failed(SendFailure(.suppressed, reason: "stop"))
    /// What may follow the instance in a key, none of which is a message of `sms` that was handed over.
    private static let keys = [
        "-1-77-0", "-1-4-0", "-1-1-0", "-1-3-0", "-1-2-0", "-1-0-1", "-1-0-9", "-1--1-0", "-1-0--1",
        "-2-0-0", "-0-0-0", "--1-0-0", "-9223372036854775807-0-0", "-1-9223372036854775807-0",
        "-1-0-9223372036854775807", "-99999999999999999999-0-0", "-1-+0-0", "-01-0-0", "-1-0-0 ",
        "-1-0-0-0", "-1-0", "", "-", "-a-b-c", "-1-0-\u{0660}", "-1-0-0\u{0301}",
    ]

    @Test(arguments: keys) func aKeyThatNamesNoMessageDoesNothing(_ rest: String) throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = harness.service.identity.instance + rest
        let before = try harness.call("enrollment.get", ["enrollment": "en_1"])
        let story = harness.story("ann")
        for (number, outcome) in [.delivered, Self.failed, .accepted, .unknown(reason: "")]
            .enumerated()
        {
            harness.channels.reports = [
                .status(channel: "sms", eventID: "s\(number)", key: key, outcome),
                .answer(channel: "sms", key: key, outcome),
                .queryAnswer(channel: "sms", key: key, outcome),
                .queryAnswer(channel: "sms", key: key, nil),
                .inbound(
                    channel: "sms", InboundEvent(eventID: "i\(number)", kind: .optOut, key: key)),
            ]
            harness.turn()
        }
        #expect(harness.story("ann") == story)
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"]) == before)
        #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == nil)
        #expect(harness.channels.acknowledged.count == 8)
        #expect(try count("stray", "sms", harness) == 20)
    }

    @Test func anotherChannelsMessageIsNoneOfItsBusiness() throws {
        let harness = try harness()
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        for (number, outcome) in [.delivered, Self.failed, .sent].enumerated() {
            harness.channels.reports = [
                .status(channel: "email", eventID: "s\(number)", key: key, outcome),
                .answer(channel: "email", key: key, outcome),
                .queryAnswer(channel: "email", key: key, outcome),
                .inbound(
                    channel: "email",
                    InboundEvent(eventID: "i\(number)", kind: .optOut, key: key)),
            ]
            harness.turn()
        }
        #expect(harness.story("ann") == ["enrollment.created"])
        #expect(try count("stray", "email", harness) == 12)
        // Its own answer is still waited for.
        harness.channels.reports = [.answer(channel: "sms", key: key, .sent)]
        harness.turn()
        #expect(harness.story("ann").last == "message.sent hello")
    }

    @Test func whatWasNotHandedOverCannotHaveArrived() throws {
        let harness = try ServiceHarness()
        try harness.setUp([
            ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"]]
        ])
        try harness.call(
            "settings.put",
            ["notifications": ["quiet_hours": ["start": "09:00", "end": "20:00"]]])
        try harness.enroll("ann")
        let key = harness.service.identity.instance + "-1-0-0"
        harness.channels.reports = [
            .status(channel: "sms", eventID: "s", key: key, .delivered)
        ]
        harness.settle()
        #expect(harness.story("ann").last == "message.held hello quiet_hours")
        try harness.advance(to: "2026-03-03T12:00:00Z")
        #expect(harness.channels.received.count == 1)
        #expect(harness.story("ann").contains("message.sent hello"))
    }

    @Test func aKeyOfAnotherChannelDoesNotHideTheAddress() throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let phone = harness.channels.received[0].request["to"]?.string
        harness.channels.reports = [
            .inbound(
                channel: "sms",
                InboundEvent(
                    eventID: "i", kind: .optOut, from: phone,
                    key: harness.service.identity.instance + "-9-9-9"))
        ]
        harness.turn()
        #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == ["sms"])
    }

    // MARK: Between two attempts

    /// A message whose first attempt did not get through waits for the next; its channel has had it.
    private func waiting() throws -> (harness: ServiceHarness, key: String) {
        let harness = try harness()
        harness.channels.answers = [.failed(SendFailure(.transient, reason: "busy"))]
        try harness.enroll("ann")
        harness.settle()
        #expect(harness.story("ann").last == "message.held hello retry")
        return (harness, try #require(harness.channels.received.first?.key))
    }

    @Test func anOptOutBetweenTwoAttemptsHolds() throws {
        let optOuts: [(String) -> GatewayReport] = [
            {
                .inbound(
                    channel: "sms", InboundEvent(eventID: "i", kind: .optOut, key: $0))
            },
            { .status(channel: "sms", eventID: "i", key: $0, Self.failed) },
        ]
        for report in optOuts {
            let (harness, key) = try waiting()
            harness.channels.reports = [report(key)]
            harness.turn()
            #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == ["sms"])
            try harness.advance(to: "2026-03-05T12:00:00Z")
            #expect(!harness.channels.received.dropFirst().contains { $0.channel == "sms" })
            #expect(try count("stray", "sms", harness) == 0)
        }
    }

    @Test func anOptOutHoldsBehindAnEndBetweenTwoAttempts() throws {
        let (harness, key) = try waiting()
        try harness.call("enrollment.delete", ["enrollment": "en_1"])
        harness.channels.reports = [
            .inbound(channel: "sms", InboundEvent(eventID: "i", kind: .optOut, key: key))
        ]
        harness.turn()
        #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == ["sms"])
    }

    @Test func whatArrivedBetweenTwoAttemptsIsNotSentAgain() throws {
        let (harness, key) = try waiting()
        harness.channels.reports = [
            .status(channel: "sms", eventID: "s", key: key, .delivered)
        ]
        harness.turn()
        #expect(harness.story("ann").last == "message.delivered hello")
        try harness.advance(to: "2026-03-05T12:00:00Z")
        #expect(harness.channels.received.count { $0.channel == "sms" } == 1)
    }

    @Test func aFailureOfAnEarlierAttemptSpoilsNotTheNext() throws {
        let (harness, key) = try waiting()
        let failure = SendOutcome.failed(SendFailure(.permanent, reason: "late"))
        harness.channels.reports = [.status(channel: "sms", eventID: "s", key: key, failure)]
        harness.turn()
        #expect(harness.story("ann").last == "message.held hello retry")
        try harness.advance(to: "2026-03-05T12:00:00Z")
        #expect(harness.channels.received.count { $0.channel == "sms" } == 2)
        #expect(harness.story("ann").contains("message.sent hello"))
    }

    // MARK: Nobody

    @Test func whatNamesNobodyIsKeptWithoutWhatIsPersonal() throws {
        let harness = try harness()
        for kind in InboundEvent.Kind.allCases {
            let event = InboundEvent(
                eventID: "i-\(kind)", kind: kind, from: "+15559999", text: "STOP")
            for _ in 0..<2 {
                harness.channels.reports = [.inbound(channel: "sms", event)]
                harness.turn()
            }
        }
        let events = harness.published.filter { $0["type"] == "inbound.unmatched" }
        #expect(events.map { $0["kind"]?.string } == InboundEvent.Kind.allCases.map(\.rawValue))
        #expect(events.allSatisfy { $0["channel"] == "sms" })
        #expect(!events.contains { JSON.object($0).text.contains("5559999") })
        #expect(!events.contains { JSON.object($0).text.contains("STOP") })
        #expect(try count("unmatched", "sms", harness) == 6)
        let metrics = try harness.call("system.metrics")["metrics"]?.string ?? ""
        #expect(
            metrics.contains(
                #"workflowd_channel_reports_total{channel="sms",outcome="unmatched"} 6"#))
        #expect(
            metrics.contains(
                #"workflowd_channel_reports_total{channel="sms",outcome="repeated"} 6"#))
        let read = try harness.call("events.read", ["after": 0, "families": ["inbound"]])
        #expect(read["events"]?.array?.count == 6)
    }

    @Test func aReplyOfAnErasedContactIsNobodys() throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        try harness.call("contact.delete", ["id": "ann"])
        let event = InboundEvent(eventID: "i", kind: .reply, key: key, text: "secret")
        harness.channels.reports = [.inbound(channel: "sms", event)]
        harness.turn()
        #expect(harness.published.last?["type"] == "inbound.unmatched")
        let read = try harness.call("events.read", ["after": 0])
        #expect(!read.text.contains("secret"))
    }

    // MARK: Addresses

    /// A channel of one's own, whose addresses are in a field of its own.
    private func harness(field: String, contacts: [JSONObject]) throws -> ServiceHarness {
        let harness = try ServiceHarness()
        var state = ScriptedChannels.state("chat")
        state.audience = .contact(addressField: field)
        harness.channels.channels.append(state)
        try harness.crash()
        for (number, fields) in contacts.enumerated() {
            try harness.call(
                "contact.put", ["id": .string("c\(number)"), "fields": .object(fields)])
        }
        return harness
    }

    private func optedOut(_ harness: ServiceHarness) throws -> [String] {
        let list = try harness.call("contact.list", ["limit": 200])["contacts"]?.array ?? []
        return list.filter { $0["suppressed"] == ["chat"] }.compactMap { $0["id"]?.string }
    }

    @Test(arguments: ["telegram_id", "Chat-ID", "_", "chatid", "phone", "email"])
    func anAddressIsLookedUpInTheFieldOfTheChannel(_ field: String) throws {
        let address = ["phone": "+12125550199", "email": "Ann@Example.com"][field] ?? "1001"
        var contacts = [JSONObject](
            repeating: [field: .string(address), "note": "x"], count: 14)
        // Others with the same text in other fields.
        contacts += [["nickname": .string(address)], ["CHATID": .string(address)], [:]]
        let harness = try harness(field: field, contacts: contacts)
        // The index is there before the contacts, and is made over those that are there.
        try harness.crash()
        harness.channels.reports = [
            .inbound(
                channel: "chat", InboundEvent(eventID: "i", kind: .optOut, from: address))
        ]
        harness.turn()
        #expect(try optedOut(harness) == (0..<14).map { "c\($0)" })
    }

    @Test func anAddressThatIsANumberIsFoundByItsText() throws {
        let harness = try harness(
            field: "telegram_id", contacts: [["telegram_id": 1004], ["telegram_id": "1005"]])
        harness.channels.reports = [
            .inbound(channel: "chat", InboundEvent(eventID: "i", kind: .optOut, from: "1004"))
        ]
        harness.turn()
        #expect(try optedOut(harness) == ["c0"])
    }

    // MARK: Two who use the same id

    @Test(arguments: ["r1", "channel:sms:r1", "\u{1}channel\u{1}sms\u{1}r1"])
    func idsOfClientsAndOfChannelsAreDifferent(_ id: String) throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        let signal: JSON = ["name": "a.b", "contact": "ann", "signal_id": .string(id)]
        #expect(try harness.call("signal.send", signal)["duplicate"] == false)
        harness.channels.reports = [
            .status(channel: "sms", eventID: "r1", key: key, .delivered)
        ]
        harness.turn()
        #expect(harness.story("ann").last == "message.delivered hello")
        #expect(try harness.call("signal.send", signal)["duplicate"] == true)
        harness.channels.reports = [
            .inbound(channel: "email", InboundEvent(eventID: "r1", kind: .reply, from: "nobody")),
            .inbound(channel: "sms", InboundEvent(eventID: "r1", kind: .reply, from: "nobody")),
        ]
        harness.turn()
        #expect(try count("unmatched", "email", harness) == 1)
        #expect(try count("unmatched", "sms", harness) == 0)
    }

    @Test func whatAnEarlierProgramRememberedIsKnown() throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        try DatabaseQueue(path: harness.databasePath).write { db in
            for id in ["channel:sms:old", "mine", "channel:x"] {
                try db.execute(sql: "INSERT INTO signal_id VALUES (?, 1)", arguments: [id])
            }
        }
        harness.channels.reports = [
            .status(channel: "sms", eventID: "old", key: key, .delivered)
        ]
        harness.turn()
        #expect(harness.story("ann").last == "message.sent hello")
        for id in ["mine", "channel:x"] {
            let signal: JSON = ["name": "a.b", "contact": "ann", "signal_id": .string(id)]
            #expect(try harness.call("signal.send", signal)["duplicate"] == true)
        }
    }

    // MARK: Sizes

    private static let texts = [
        String(repeating: "x", count: 900_000), String(repeating: "👋", count: 30_000),
        String(repeating: "\u{1}", count: 90_000), String(repeating: "\"\\", count: 60_000),
        "x" + String(repeating: "é", count: 40_000), String(repeating: "e\u{301}", count: 40_000),
    ]

    @Test(arguments: texts.indices) func aLongTextIsCutAndNotLost(_ index: Int) throws {
        let text = Self.texts[index]
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.reports = [
            .inbound(
                channel: "sms", InboundEvent(eventID: "i", kind: .reply, key: key, text: text))
        ]
        harness.turn()
        let data = try #require(
            harness.published.last { $0["type"] == "signal.received" }?["data"])
        let kept = try #require(data["text"]?.string)
        #expect(data.text.utf8.count <= 64 << 10)
        #expect(data["truncated"] == true)
        #expect(kept.hasSuffix("…"))
        #expect(text.unicodeScalars.starts(with: kept.unicodeScalars.dropLast()))
        #expect(kept.utf8.count > 8_000)
    }

    @Test func whatIsNotAskedForIsNotRead() throws {
        let harness = try ServiceHarness()
        let filter: JSON = ["ok": ["equals": true]]
        try harness.setUp(
            [["id": "wait", "kind": "delay", "for": ["days": 90]]],
            exits: [["name": "done", "when": ["signal": "job.done", "where": filter]]])
        try harness.enroll("ann")
        let phone = try harness.call("contact.get", ["id": "ann"])["fields"]?["phone"]?.string
        for number in 0..<200 {
            let event = InboundEvent(
                eventID: "i\(number)", kind: .reply, from: phone,
                text: String(repeating: "x", count: 60_000))
            harness.channels.reports = [.inbound(channel: "sms", event)]
            harness.turn()
        }
        // What an earlier program stored may be damaged or huge: nobody asks for it.
        try DatabaseQueue(path: harness.databasePath).write { db in
            try db.execute(sql: "UPDATE signal SET data = 'no JSON' WHERE name = 'sms.replied'")
        }
        let signals = (0..<20).map {
            #"{"op":"signal.send","args":{"name":"a.b\#($0)","contact":"ann"}}"#
        }
        let replies = try harness.exchange(
            ([#"{"batch":"atomic"}"#] + signals).joined(separator: "\n"))
        #expect(replies.allSatisfy { $0["ok"] == true })
        let done: JSON = ["name": "job.done", "contact": "ann", "data": ["ok": true]]
        #expect(try harness.call("signal.send", done)["exited"] == 1)
    }

    // MARK: What cannot be taken

    /// The database refuses each event of the given type.
    private func refuse(_ type: String, _ harness: ServiceHarness) throws {
        try DatabaseQueue(path: harness.databasePath).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse_\(type.filter(\.isLetter)) BEFORE INSERT ON history
                    WHEN NEW.type = '\(type)' BEGIN SELECT RAISE(ABORT, 'no'); END
                    """)
        }
    }

    @Test func anAnswerThatCannotBeTakenWaitsForAPerson() throws {
        let harness = try harness()
        try refuse("message.sent", harness)
        try harness.enroll("ann")
        harness.settle()
        #expect(harness.story("ann").last?.hasPrefix("message.unknown hello") == true)
        let waits = try harness.call("enrollment.get", ["enrollment": "en_1"])["waits_for"]
        #expect(waits == "resolution")
        #expect(try count("failed", "sms", harness) == 1)
        try harness.advance(to: "2026-03-03T15:00:00Z")
        #expect(harness.clock.now == Instant(rfc3339: "2026-03-03T15:00:00Z"))
    }

    @Test func theClockGoesOnAlsoWhereNothingOfItCanBeStored() throws {
        let harness = try harness()
        try refuse("message.sent", harness)
        try refuse("message.unknown", harness)
        try harness.enroll("ann")
        try harness.enroll("ben")
        harness.settle()
        try harness.advance(to: "2026-03-03T15:00:00Z")
        #expect(harness.clock.now == Instant(rfc3339: "2026-03-03T15:00:00Z"))
        #expect(try count("failed", "sms", harness) == 2)
        // It is taken up again once it can be.
        try DatabaseQueue(path: harness.databasePath).write { db in
            try db.execute(sql: "DROP TRIGGER refuse_messageunknown")
        }
        harness.channels.reports = [.ready(channel: "sms")]
        harness.settle()
        #expect(harness.story("ann").last?.hasPrefix("message.unknown hello") == true)
        #expect(harness.story("ben").last?.hasPrefix("message.unknown hello") == true)
    }
}
