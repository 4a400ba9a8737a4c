import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// What is said of a message counts behind that message, whatever the clocks say.
struct SignalMomentTests {
    private static func asked(_ signal: String) -> JSON {
        [
            [
                "id": "start", "kind": "branch", "within": ["days": 3],
                "paths": [
                    [
                        "name": "go", "when": ["signal": "a.b"],
                        "steps": [
                            [
                                "id": "ask", "kind": "message", "channel": "sms",
                                "content": ["text": "Well?"],
                            ],
                            [
                                "id": "answer", "kind": "branch", "within": ["hours": 1],
                                "paths": [
                                    [
                                        "name": "yes",
                                        "when": ["signal": .string(signal), "since": "ask"],
                                        "steps": [["kind": "flag", "flag": "answered"]],
                                    ]
                                ],
                            ],
                        ],
                    ]
                ],
            ]
        ]
    }

    /// A client's signal leads to the message while the clock stands still; so its step is reached just
    /// behind what the clock shows.
    private func harness(_ signal: String) throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try harness.setUp(SignalMomentTests.asked(signal))
        try harness.enroll("ann")
        try harness.call("signal.send", ["name": "a.b", "contact": "ann"])
        harness.settle()
        return harness
    }

    @Test(arguments: ["message.sent", "message.delivered", "message.failed"])
    func whatBecameOfAMessageComesBehindIt(_ signal: String) throws {
        let harness = try ServiceHarness()
        harness.channels.answers = [
            signal == "message.failed"
                ? .failed(SendFailure(.permanent, reason: "no"))
                : signal == "message.sent" ? .sent : .delivered
        ]
        try harness.setUp(SignalMomentTests.asked(signal))
        try harness.enroll("ann")
        try harness.call("signal.send", ["name": "a.b", "contact": "ann"])
        harness.settle()
        #expect(harness.story("ann").contains { $0.hasPrefix("flag.raised") })
    }

    /// The wall clock was set back an hour between the message and its reply, with and without the
    /// provider's own moment.
    @Test(arguments: ["2026-03-02T14:00:00Z", "2026-03-02T13:00:00Z", nil])
    func aReplyComesBehindItsMessageThoughTheClockWasSetBack(_ at: String?) throws {
        let harness = try harness("sms.replied")
        let key = try #require(harness.channels.received.first?.key)
        try harness.crash(wakingAt: Instant(rfc3339: "2026-03-02T14:00:00Z"))
        harness.settle()
        harness.channels.reports = [
            .inbound(
                channel: "sms",
                InboundEvent(
                    eventID: "i", kind: .reply, from: "+12125550100", key: key, text: "yes",
                    at: at.flatMap(Instant.init(rfc3339:))))
        ]
        harness.settle()
        #expect(harness.story("ann").contains { $0.hasPrefix("flag.raised") })
    }
}
