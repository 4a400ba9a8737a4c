import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// What was erased stays erased, whatever comes in afterwards.
struct ErasureTests {
    private static let phone = "+12125550100"
    private static let secrets = [phone, "Annabel", "ann@example.com", "my door code is 4711"]

    private static let contact: JSON = [
        "id": "ann",
        "fields": [
            "first_name": "Annabel", "phone": .string(phone), "email": "ann@example.com",
        ],
    ]

    /// Ann was texted, and is erased; a trigger would enroll whoever replies.
    private func erased() throws -> (harness: ServiceHarness, key: String) {
        let harness = try ServiceHarness()
        try harness.setUp([
            [
                "id": "hello", "kind": "message", "channel": "sms",
                "content": ["text": "Hi {{ contact.first_name }}"],
            ],
            ["id": "wait", "kind": "delay", "for": ["days": 1]],
        ])
        let hook: JSON = [
            "name": "hook", "entry": ["triggers": [["signal": "sms.replied"]]],
            "steps": [
                [
                    "id": "hello", "kind": "message", "channel": "sms",
                    "content": ["text": "Hi {{ contact.first_name }}"],
                ]
            ],
        ]
        try harness.call("workflow.create", ["id": "hook", "definition": hook])
        try harness.call("workflow.activate", ["workflow": "hook"])
        try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        try harness.reply(
            "enrollment.create", ["workflow": "test", "contact": ErasureTests.contact],
            ["key": "enroll-1"])
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        try harness.call("contact.delete", ["id": "ann"])
        return (harness, key)
    }

    /// Whatever anybody can read of the service.
    private func readable(_ harness: ServiceHarness) throws -> String {
        let reads: [(String, JSON)] = [
            ("events.read", ["after": 0]), ("contact.list", [:]), ("enrollment.list", [:]),
            ("execution.list", [:]), ("record.list", [:]),
        ]
        return try reads.map { try harness.call($0.0, $0.1).text }.joined()
    }

    private func check(_ harness: ServiceHarness) throws {
        let text = try readable(harness)
        for secret in ErasureTests.secrets { #expect(!text.contains(secret), "\(secret)") }
        let reply = try harness.reply("contact.get", ["id": "ann"])
        #expect(reply["error"]?["code"] == "not_found")
    }

    @Test(arguments: InboundEvent.Kind.allCases)
    func whatComesBackToAMessageIsNotKept(_ kind: InboundEvent.Kind) throws {
        let (harness, key) = try erased()
        let before = harness.published.count
        harness.channels.reports = [
            .inbound(
                channel: "sms",
                InboundEvent(
                    eventID: "i1", kind: kind, from: ErasureTests.phone, key: key,
                    text: "my door code is 4711"))
        ]
        harness.settle()
        #expect(harness.channels.acknowledged == ["i1"])
        try check(harness)
        let told = harness.published.dropFirst(before).compactMap { $0["type"]?.string }
        #expect(!told.contains { $0.hasPrefix("signal.") || $0.hasPrefix("enrollment.") })
        #expect(harness.channels.received.count == 1)
        // Who comes back is as silent as asked for.
        try harness.call("contact.put", ErasureTests.contact)
        let suppressed = try harness.call("contact.get", ["id": "ann"])["suppressed"]
        #expect(suppressed == (kind == .optOut ? ["sms"] : nil))
    }

    @Test(
        arguments: [
            .delivered,
            .failed(SendFailure(.permanent, reason: "550 ann@example.com: no such Annabel")),
            .failed(SendFailure(.suppressed, reason: "+12125550100 said stop")),
        ] as [SendOutcome])
    func whatBecomesOfAMessageIsToldWithoutTheProvidersWords(_ outcome: SendOutcome) throws {
        let (harness, key) = try erased()
        harness.channels.reports = [
            .status(channel: "sms", eventID: "r1", key: key, outcome)
        ]
        harness.settle()
        try check(harness)
        let last = harness.published.last { $0["key"]?.string == key }
        #expect(last?["type"] == (outcome == .delivered ? "message.delivered" : "message.failed"))
        #expect(last?["reason"] == nil)
    }

    /// Which commands, with their keys, say nothing any more of who was erased.
    @Test func repeatedCommandsAnswerWithoutWhatWasErased() throws {
        let (harness, _) = try erased()
        let put = try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        #expect(put["replayed"] == true)
        #expect(put["result"] == ["id": "ann", "fields": [:], "created": true])
        let enroll = try harness.reply(
            "enrollment.create", ["workflow": "test", "contact": ErasureTests.contact],
            ["key": "enroll-1"])
        #expect(enroll["replayed"] == true)
        for secret in ErasureTests.secrets { #expect(!enroll.text.contains(secret)) }
        try check(harness)
        try harness.crash()
        let again = try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        #expect(again["result"] == put["result"])
    }

    /// Also where Ann comes back: what was erased is not what she says now.
    @Test func whatWasErasedIsNotToldOfWhoComesBack() throws {
        let (harness, _) = try erased()
        try harness.call("contact.put", ["id": "ann", "fields": ["first_name": "Bea"]])
        let put = try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        #expect(put["result"] == ["id": "ann", "fields": [:], "created": true])
        let contact = try harness.call("contact.get", ["id": "ann"])
        #expect(contact["fields"] == ["first_name": "Bea"])
    }

    /// The stored reply is the first one, whatever changed since, as long as nobody was erased.
    @Test func aRepeatedCommandAnswersAsAtFirst() throws {
        let harness = try ServiceHarness()
        let first = try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        try harness.call("contact.put", ["id": "ann", "fields": ["first_name": "Bea"]])
        try harness.call("contact.put", ["id": "an", "fields": ["first_name": "An"]])
        try harness.call("contact.delete", ["id": "an"])
        let again = try harness.reply("contact.put", ErasureTests.contact, ["key": "put-1"])
        #expect(again["result"] == first["result"])
    }

    @Test func aRepeatedRecordAnswersWithoutWhatWasErased() throws {
        let harness = try ServiceHarness()
        let record: JSON = ["type": "job", "id": "j1", "fields": ["address": "12 Elm Street"]]
        let first = try harness.reply("record.put", record, ["key": "r1"])
        let repeated = try harness.reply("record.put", record, ["key": "r1"])
        #expect(repeated["result"] == first["result"] && repeated["replayed"] == true)
        try harness.call("record.delete", ["type": "job", "id": "j1"])
        let later = try harness.reply("record.put", record, ["key": "r1"])
        #expect(
            later["result"] == ["type": "job", "id": "j1", "fields": [:], "created": true])
    }

    @Test func whoWasErasedHasNoPreview() throws {
        let (harness, _) = try erased()
        let reply = try harness.reply("workflow.preview", ["workflow": "test", "contact": "ann"])
        #expect(reply["error"]?["code"] == "not_found")
    }

    /// The message was in doubt when Ann was erased: what is published says no more than what is stored.
    @Test func theEventOfTheErasureItselfSaysNothing() throws {
        let harness = try ServiceHarness()
        try harness.setUp([
            ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"]]
        ])
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.isSilent = true
        try harness.call(
            "enrollment.create", ["workflow": "test", "contact": ErasureTests.contact])
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.change("sms") { $0.capacity = 0 }
        harness.channels.reports = [
            .answer(channel: "sms", key: key, .unknown(reason: "No answer for Annabel"))
        ]
        harness.turn()
        try harness.call("contact.delete", ["id": "ann"])
        try check(harness)
        let published = harness.published.map(JSON.object)
        #expect(try harness.call("events.read", ["after": 0])["events"]?.array == published)
    }

    /// What a deletion takes out of an event of its own turn is in it again where the deletion is undone.
    @Test func anErasureThatIsUndoneLeavesWhatIsPublished() throws {
        let harness = try ServiceHarness()
        try harness.reply("contact.put", ErasureTests.contact)
        let signal = """
            {"op":"signal.send","args":{"name":"job.done","contact":{"id":"ann"},"data":{"by":"Bob"}}}
            """
        let undone = """
            {"batch":"atomic"}
            {"op":"contact.delete","args":{"id":"ann"}}
            {"op":"none"}
            """
        let output = harness.service.turn([
            harness.message(signal), harness.message(undone, from: 2),
        ])
        _ = try harness.replies(output)
        let stored = try harness.call("events.read", ["after": 0])["events"]?.array
        #expect(stored?.last?["data"] == ["by": "Bob"])
        #expect(harness.published.map(JSON.object) == stored)
    }
}
