import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// What is decided about messages before their channel has said what it is: nothing that is final.
struct ChannelStartTests {
    private static let hold: JSONObject = ["start": "09:00", "end": "20:00"]

    /// Channels of one's own: `chat` to a field of its own, `desk` to staff.
    private func harness(fallback: Bool = false) throws -> ServiceHarness {
        let harness = try ServiceHarness()
        harness.channels.channels += [chat, desk]
        try harness.crash()
        try harness.setUp([
            ["id": "wait", "kind": "delay", "for": ["hours": 1]],
            message("ask", "chat", fallback: fallback ? "email" : nil),
            message("tell", "desk"),
        ])
        return harness
    }

    private func message(_ id: String, _ channel: String, fallback: String? = nil) -> JSON {
        var step: JSONObject = [
            "id": .string(id), "kind": "message", "channel": .string(channel),
            "content": ["text": "Hi"],
        ]
        if let fallback {
            step["fallback"] = [
                "channel": .string(fallback), "content": ["subject": "s", "text": "t"],
            ]
        }
        return .object(step)
    }

    private var chat: ChannelState {
        var state = ScriptedChannels.state("chat")
        state.audience = .contact(addressField: "chat_id")
        state.installation = "/opt/chat"
        return state
    }

    private var desk: ChannelState {
        var state = ScriptedChannels.state("desk")
        state.audience = .staff
        state.installation = "/opt/desk"
        return state
    }

    /// What a channel is before its process has said hello.
    private func silence(_ name: String, _ harness: ServiceHarness, isStarting: Bool = true) {
        harness.channels.change(name) { state in
            state.isUp = false
            state.capacity = 0
            state.isStarting = isStarting
            state.audience = .unknown
        }
    }

    private func comeUp(_ state: ChannelState, _ harness: ServiceHarness) {
        harness.channels.change(state.name) { $0 = state }
        harness.channels.reports.append(.ready(channel: state.name))
    }

    private func enroll(_ contact: String, _ fields: JSONObject, _ harness: ServiceHarness) throws {
        try harness.call(
            "enrollment.create",
            [
                "workflow": "test",
                "contact": ["id": .string(contact), "fields": .object(fields)],
            ])
    }

    /// The service was down when the messages became due; no channel has said hello when it starts.
    private func wake(_ harness: ServiceHarness, _ names: [String] = ["chat", "desk"]) throws {
        for name in names { silence(name, harness) }
        try harness.crash(wakingAt: Instant(rfc3339: "2026-03-02T17:00:00Z"))
        harness.channels.reports = []
        harness.settle()
    }

    @Test func whatIsDueAtAStartWaitsForItsChannel() throws {
        let harness = try harness()
        for number in 0..<30 {
            try enroll("c\(number)", ["chat_id": .string("\(number)")], harness)
        }
        try wake(harness)
        #expect(harness.story("c0").last == "message.held ask channel_down")
        comeUp(chat, harness)
        comeUp(desk, harness)
        harness.settle()
        #expect(harness.channels.received.count == 60)
        #expect(
            harness.channels.received.filter { $0.channel == "chat" }
                .allSatisfy { $0.request["to"] != nil })
        #expect(!harness.published.contains { $0["type"] == "message.skipped" })
    }

    @Test func aChannelThatNeverWasThereIsWaitedFor() throws {
        let harness = try ServiceHarness()
        harness.channels.channels += [chat, desk]
        silence("chat", harness, isStarting: false)
        silence("desk", harness, isStarting: false)
        try harness.crash()
        try harness.setUp([message("ask", "chat"), message("tell", "desk")])
        try harness.call("settings.put", ["notifications": ["quiet_hours": .object(Self.hold)]])
        try enroll("ann", ["chat_id": "1"], harness)
        harness.settle()
        #expect(harness.story("ann").last == "message.held ask channel_down")
        let waits = try harness.call("enrollment.get", ["enrollment": "en_1"])["waits_for"]
        #expect(waits == "channel_down")
        // Nothing was sent; now it is known that quiet hours hold it.
        comeUp(chat, harness)
        harness.settle()
        #expect(harness.story("ann").last == "message.held ask quiet_hours")
        #expect(harness.channels.received.isEmpty)
    }

    @Test func whatSaidNothingYetGetsNoQuietHoursAndNoOptOuts() throws {
        let harness = try ServiceHarness()
        harness.channels.channels.append(desk)
        silence("desk", harness)
        try harness.crash()
        try harness.setUp([message("tell", "desk")])
        try harness.call("settings.put", ["notifications": ["quiet_hours": .object(Self.hold)]])
        try harness.call("contact.put", ["id": "ann"])
        try harness.call(
            "signal.send",
            ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": "desk"]])
        try enroll("ann", [:], harness)
        harness.settle()
        #expect(harness.story("ann").last == "message.held tell channel_down")
        comeUp(desk, harness)
        harness.settle()
        #expect(harness.story("ann").suffix(2) == ["message.sent tell", "enrollment.finished"])
    }

    /// The program was replaced, or changed its mind, while the service was stopped.
    @Test(arguments: ["/opt/chat", "/opt/other"])
    func anotherManifestCountsOnceItIsSaid(_ installation: String) throws {
        let harness = try harness()
        try enroll("ann", ["pager": "7"], harness)
        try wake(harness, ["chat"])
        #expect(harness.story("ann").last == "message.held ask channel_down")
        var other = chat
        other.installation = installation
        other.audience = .contact(addressField: "pager")
        comeUp(other, harness)
        harness.settle()
        #expect(harness.channels.received.map { $0.request["to"] } == ["7", nil])
    }

    @Test func whatBecameStaffsKnowsNoOptOut() throws {
        let harness = try harness()
        try enroll("ann", ["chat_id": "1"], harness)
        try harness.call(
            "signal.send",
            ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": "chat"]])
        // It is the only channel that reaches the contact, so the enrollment ended at once.
        #expect(harness.story("ann").last == "enrollment.exited wait")
        try harness.call(
            "signal.send",
            ["name": "contact.resubscribed", "contact": "ann", "data": ["channel": "chat"]])
        try enroll("ann", [:], harness)
        silence("chat", harness)
        harness.turn()
        try harness.call(
            "signal.send",
            ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": "chat"]])
        try wake(harness)
        #expect(harness.story("ann").last == "message.held ask channel_down")
        var staff = chat
        staff.audience = .staff
        comeUp(staff, harness)
        comeUp(desk, harness)
        harness.settle()
        #expect(harness.channels.received.map(\.channel) == ["chat", "desk"])
    }

    // MARK: One that does not come up

    @Test func theLastManifestCountsWhereAChannelKeepsDying() throws {
        let harness = try harness(fallback: true)
        try enroll("ann", ["email": "ann@example.com"], harness)
        try wake(harness)
        #expect(harness.story("ann").last == "message.held ask channel_down")
        silence("chat", harness, isStarting: false)
        try harness.call("contact.put", ["id": "ann", "fields": ["note": "x"]])
        harness.settle()
        #expect(harness.channels.received.map(\.channel) == ["email"])
    }

    @Test func whatAnotherProgramSaidCountsForNothing() throws {
        let harness = try harness(fallback: true)
        try enroll("ann", ["email": "ann@example.com"], harness)
        harness.channels.change("chat") { $0.installation = "/opt/other" }
        try wake(harness)
        silence("chat", harness, isStarting: false)
        try harness.call("contact.put", ["id": "ann", "fields": ["note": "x"]])
        harness.settle()
        #expect(harness.channels.received.isEmpty)
    }

    @Test func theLateRuleCountsAlsoForOneThatNeverSaysWhatItIs() throws {
        let harness = try harness()
        try enroll("ann", ["chat_id": "1"], harness)
        try wake(harness, ["chat"])
        try harness.crash(wakingAt: Instant(rfc3339: "2026-03-04T17:00:00Z"))
        silence("chat", harness, isStarting: false)
        try harness.call("contact.put", ["id": "ann", "fields": ["note": "x"]])
        harness.settle()
        #expect(harness.story("ann").contains("message.skipped ask late"))
    }

    // MARK: Others who ask

    @Test func aPreviewSaysThatNobodyKnowsTheChannelYet() throws {
        let harness = try harness()
        try wake(harness)
        func outcomes() throws -> [String] {
            let result = try harness.call(
                "workflow.preview",
                ["workflow": "test", "contact": ["id": "x", "fields": ["chat_id": "1"]]])
            return result["steps"]?.array?.compactMap { $0["outcome"]?.string } ?? []
        }
        // By the last manifest.
        #expect(try outcomes() == ["executed", "sent", "sent"])
        harness.channels.change("chat") { $0.installation = "/opt/other" }
        harness.turn()
        #expect(try outcomes() == ["executed", "held"])
    }

    @Test func aReplyBeforeTheHelloIsRepeated() throws {
        let harness = try harness()
        harness.channels.change("chat") { $0.installation = "/opt/other" }
        silence("chat", harness)
        try harness.call("contact.put", ["id": "ann", "fields": ["pager": "7"]])
        let reply = GatewayReport.inbound(
            channel: "chat", InboundEvent(eventID: "i", kind: .optOut, from: "7", text: "STOP"))
        harness.channels.reports = [reply]
        harness.turn()
        #expect(harness.channels.acknowledged.isEmpty)
        var other = chat
        other.audience = .contact(addressField: "pager")
        comeUp(other, harness)
        harness.turn()
        harness.channels.reports = [reply]
        harness.turn()
        #expect(harness.channels.acknowledged == ["i"])
        #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == ["chat"])
    }
}
