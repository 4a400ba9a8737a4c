import GRDB
import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// Every opt-out holds: of all who share an address, and of no channel that is not there.
struct OptOutTests {
    private static let steps: JSON = [
        ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "hi"]],
        ["id": "wait", "kind": "delay", "for": ["days": 1]],
        ["id": "more", "kind": "message", "channel": "sms", "content": ["text": "more"]],
    ]

    private func suppressed(_ contact: String, _ harness: ServiceHarness) throws -> JSON? {
        try harness.call("contact.get", ["id": .string(contact)])["suppressed"]
    }

    // MARK: Addresses

    /// More than a page of them, and those behind its end.
    @Test(arguments: [14, 100, 230])
    func anAddressOptsOutForAllWhoHaveIt(_ count: Int) throws {
        let harness = try ServiceHarness()
        for number in 1...count {
            let fields: JSON = ["phone": "+12125550100", "email": "Family@example.com"]
            try harness.call("contact.put", ["id": .string("c\(number)"), "fields": fields])
        }
        harness.channels.reports = [
            .inbound(
                channel: "sms", InboundEvent(eventID: "i1", kind: .optOut, from: "+12125550100")),
            .inbound(
                channel: "email",
                InboundEvent(eventID: "i2", kind: .optOut, from: "family@example.COM")),
        ]
        harness.turn()
        for number in 1...count {
            #expect(try suppressed("c\(number)", harness) == ["email", "sms"], "c\(number)")
        }
        harness.channels.reports = [
            .inbound(
                channel: "sms", InboundEvent(eventID: "i3", kind: .optIn, from: "+12125550100"))
        ]
        harness.turn()
        for number in 1...count {
            #expect(try suppressed("c\(number)", harness) == ["email"], "c\(number)")
        }
    }

    /// Some channels tell the message that was answered, and not from where.
    @Test(arguments: [true, false])
    func anOptOutThatAnswersAMessageCountsForItsAddressToo(_ tellsFrom: Bool) throws {
        let harness = try ServiceHarness()
        try harness.setUp(OptOutTests.steps)
        try harness.enroll("ann")
        harness.settle()
        let message = try #require(harness.channels.received.first)
        let phone = try #require(message.request["to"])
        try harness.call("contact.put", ["id": "bob", "fields": ["phone": phone]])
        try harness.call("contact.put", ["id": "eve", "fields": ["phone": "+12125550199"]])
        harness.channels.reports = [
            .inbound(
                channel: "sms",
                InboundEvent(
                    eventID: "i1", kind: .optOut, from: tellsFrom ? phone.string : nil,
                    key: message.key))
        ]
        harness.turn()
        #expect(try suppressed("ann", harness) == ["sms"])
        #expect(try suppressed("bob", harness) == ["sms"])
        #expect(try suppressed("eve", harness) == nil)
        #expect(harness.story("ann").last == "enrollment.exited wait")
        // Bob had no such message, and is none of its enrollment's.
        let told = harness.published.filter { $0["type"] == "signal.received" }
        #expect(told.map { $0["contact"]?.string } == ["ann", "bob"])
        #expect(told.map { $0["data"]?["step"]?.string } == ["hello", nil])
        #expect(told.map { $0["data"]?["enrollment"]?.string } == ["en_1", nil])
    }

    /// One row of hers is damaged, in one of several ways.
    @Test(
        arguments: ["node = 77", "version_id = 77", "trail = x'ff'"],
        ["contact.unsubscribed", "deletion", "STOP"])
    func anOptOutHoldsThoughAnEnrollmentIsDamaged(_ damage: String, _ cause: String) throws {
        let harness = try ServiceHarness()
        try harness.setUp(OptOutTests.steps)
        try harness.setUp(OptOutTests.steps, name: "other")
        try harness.enroll("ann")
        try harness.enroll("ann", workflow: "other")
        harness.settle()
        let message = try #require(harness.channels.received.first)
        try DatabaseQueue(path: harness.databasePath).write {
            try $0.execute(sql: "UPDATE enrollment SET \(damage) WHERE id = 1")
        }
        switch cause {
        case "deletion": try harness.call("contact.delete", ["id": "ann"])
        case "STOP":
            harness.channels.reports = [
                .inbound(
                    channel: "sms",
                    InboundEvent(
                        eventID: "i1", kind: .optOut, from: message.request["to"]?.string))
            ]
            harness.turn()
        default: try harness.call("signal.send", ["name": .string(cause), "contact": "ann"])
        }
        if cause != "deletion" { #expect(try suppressed("ann", harness) != nil) }
        let other = try harness.call("enrollment.get", ["enrollment": "en_2"])
        #expect(other["state"] == (cause == "deletion" ? "unenrolled" : "exited"))
    }

    // MARK: Names of channels

    @Test(arguments: [
        ("SMS", "Did you mean \"sms\"?"), ("smss", "Did you mean \"sms\"?"),
        ("e-mail", "Did you mean \"email\"?"),
        ("text", "Installed are call_reminder, email, sms."),
        ("", "Installed are call_reminder, email, sms."),
        (" ", "Installed are call_reminder, email, sms."),
    ])
    func anOptOutOfAChannelThatIsNotThereIsRefused(_ channel: String, _ hint: String) throws {
        let harness = try ServiceHarness()
        try harness.call("contact.put", ["id": "ann", "fields": ["phone": "+12125550100"]])
        for name in ["contact.unsubscribed", "contact.resubscribed"] {
            let reply = try harness.reply(
                "signal.send",
                [
                    "name": .string(name), "contact": "ann",
                    "data": ["channel": .string(channel)],
                ])
            #expect(reply["error"]?["code"] == "channel_unknown")
            #expect(reply["error"]?["path"] == "args.data.channel")
            #expect(reply["error"]?["hint"]?.string == hint)
        }
        #expect(try suppressed("ann", harness) == nil)
        #expect(harness.story("ann").isEmpty)
    }

    @Test(arguments: [5, true, ["sms"], ["name": "sms"]] as [JSON])
    func anOptOutOfWhatIsNoNameIsNotOneOfEverything(_ channel: JSON) throws {
        let harness = try ServiceHarness()
        try harness.call("contact.put", ["id": "ann", "fields": ["phone": "+12125550100"]])
        let reply = try harness.reply(
            "signal.send",
            ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": channel]])
        #expect(reply["error"]?["code"] == "invalid_value")
        #expect(try suppressed("ann", harness) == nil)
    }

    /// A misspelled member makes an opt-out one of everything, which is safe, but takes none back.
    @Test func aMisspelledMemberTakesNoOptOutBack() throws {
        let harness = try ServiceHarness()
        try harness.call("contact.put", ["id": "ann", "fields": ["phone": "+12125550100"]])
        try harness.call(
            "signal.send",
            ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": "sms"]])
        let reply = try harness.reply(
            "signal.send",
            ["name": "contact.resubscribed", "contact": "ann", "data": ["Chanel": "email"]])
        #expect(reply["error"]?["path"] == "args.data.Chanel")
        #expect(try suppressed("ann", harness) == ["sms"])
    }

    /// An opt-out of a channel that was installed once stays, and can be taken back.
    @Test func anOptOutOutlivesItsChannel() throws {
        let harness = try ServiceHarness()
        harness.channels.channels.append(ScriptedChannels.state("fax"))
        harness.turn()
        try harness.call("contact.put", ["id": "ann", "fields": ["phone": "+12125550100"]])
        let fax: JSON = ["channel": "fax"]
        try harness.call(
            "signal.send", ["name": "contact.unsubscribed", "contact": "ann", "data": fax])
        harness.channels.channels.removeLast()
        try harness.crash()
        #expect(try suppressed("ann", harness) == ["fax"])
        try harness.call("contact.put", ["id": "ann", "fields": ["phone": "+12125550101"]])
        #expect(try suppressed("ann", harness) == ["fax"])
        try harness.call(
            "signal.send", ["name": "contact.resubscribed", "contact": "ann", "data": fax])
        #expect(try suppressed("ann", harness) == nil)
    }

    @Test(
        arguments: [
            (["senders": ["smss": "+12125550100"]], "args.senders.smss"),
            (
                ["notifications": ["quiet_hours": hours(["smss": nil])]],
                "args.notifications.quiet_hours.channels.smss"
            ),
            (
                [
                    "notifications": [
                        "quiet_hours": hours(["smss": ["start": "20:00", "end": "09:00"]])
                    ]
                ],
                "args.notifications.quiet_hours.channels.smss"
            ),
        ] as [(JSON, String)])
    func settingsForAChannelThatIsNotThereAreRefused(_ settings: JSON, _ path: String) throws {
        let harness = try ServiceHarness()
        let reply = try harness.reply("settings.put", settings)
        #expect(reply["error"]?["code"] == "channel_unknown")
        #expect(reply["error"]?["path"]?.string == path)
        #expect(reply["error"]?["hint"] == "Did you mean \"sms\"?")
        #expect(try harness.call("settings.get") == [:])
    }

    private static func hours(_ channels: JSON) -> JSON {
        ["start": "20:00", "end": "09:00", "channels": channels]
    }

    /// Who sends all settings again is not refused for what was there before.
    @Test func settingsOfAChannelThatIsGoneStay() throws {
        let harness = try ServiceHarness()
        harness.channels.channels.append(ScriptedChannels.state("fax"))
        harness.turn()
        let settings: JSON = [
            "senders": ["fax": "+12125550100"],
            "notifications": ["quiet_hours": OptOutTests.hours(["fax": nil])],
        ]
        try harness.call("settings.put", settings)
        harness.channels.channels.removeLast()
        try harness.crash()
        try harness.call("settings.put", settings)
        try harness.call("settings.put", ["time_zone": "Europe/London"])
        let reply = try harness.reply("settings.put", ["senders": ["faxes": "+12125550100"]])
        #expect(reply["error"]?["code"] == "channel_unknown")
    }
}
