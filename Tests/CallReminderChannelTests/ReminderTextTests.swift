import ChannelKit
import JSONLines
import Testing
import WorkflowModel

@testable import CallReminderChannel

@Suite struct ReminderTextTests {
    private let due = Instant(milliseconds: 1_772_463_600_000)  // 2026-03-02T15:00:00Z

    private func text(_ content: JSONObject, _ context: JSONObject = [:]) throws -> ReminderText {
        let message = SendRequest(
            key: "k", attempt: 1, to: nil, from: nil, content: content, notAfter: "",
            context: context)
        return try #require(ReminderText(message, due: due))
    }

    @Test func whoIsNamedOnce() throws {
        let ann: JSONObject = ["contact_name": "Ann Lee", "contact_phone": "+15550100"]
        #expect(try text(["title": "Call back"], ann).summary == "Call back – Ann Lee")
        #expect(try text(["title": "Call Ann Lee"], ann).summary == "Call Ann Lee")
        #expect(
            try text(["title": "Call back"], ["contact_phone": "+1"]).summary == "Call back – +1")
        #expect(try text(["title": "Call back"]).summary == "Call back")
        #expect(try text(["title": "Call back"], ann).alarm == "Call back – Ann Lee\n+15550100")
    }

    @Test func theContactsTimeIsToldWhereItDiffers() throws {
        func notes(_ zone: String) throws -> String {
            try text(
                ["title": "t"],
                ["business_time_zone": "America/New_York", "time_zone": .string(zone)]
            ).description
        }
        let own = "Due: Mon 2026-03-02 10:00 (America/New_York)"
        #expect(try notes("America/New_York") == own)
        #expect(try notes("America/Toronto") == own)
        #expect(try notes("no zone") == own)
        #expect(
            try notes("Asia/Kolkata")
                == "\(own)\nContact's time: Mon 2026-03-02 20:30 (Asia/Kolkata)")
    }

    @Test func whatWasSentIsShortened() throws {
        let sent = (1...30).map { number -> JSON in
            [
                "at": "2026-03-01T15:00:00Z", "channel": "sms",
                "text": .string("\(number) \(String(repeating: "ä", count: 400))"),
            ]
        }
        let lines = try text(["title": "t"], ["sent": .array(sent)]).description
            .split(separator: "\n").filter { $0.hasPrefix("- ") }
        #expect(lines.count == 20)
        #expect(lines[0].hasPrefix("- Sun 2026-03-01 15:00 sms: 11 ä"))
        #expect(lines.allSatisfy { $0.hasSuffix("ä…") && $0.count < 340 })
    }

    @Test func oddContextDoesNoHarm() throws {
        let odd: JSONObject = [
            "contact_name": 7, "contact_phone": nil,
            "sent": [1, "x", ["channel": 3], ["text": "y"]],
            "workflow": "",
        ]
        #expect(try text(["title": "t"], odd).description == "Due: Mon 2026-03-02 15:00 (UTC)")
    }

    @Test(arguments: [
        ("+1 (555) 010-0100", "tel:+15550100100"), ("+49.30/1", nil), ("5550100", nil), ("+", nil),
    ])
    func links(_ phone: String, _ expected: String?) throws {
        let link = try text(["title": "t"], ["contact_phone": .string(phone)]).telephoneLink
        #expect(link == expected)
    }
}
