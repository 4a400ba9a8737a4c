import Foundation
import JSONLines
import TerminalText
import WorkflowClient

/// The story that the demonstration tells.
struct Demo {
    let client: CommandClient
    let leads: [Lead]
    let folder: String
    let pace: DemoPace
    let keepsFolder: Bool

    private static let workflow = "new-lead-follow-up"
    private static let settings: JSONObject = [
        "time_zone": "America/New_York",
        "business": [
            "name": "Evergreen Home Services", "address": "12 Elm Street, Albany, NY",
            "phone": "+1 518 555 0100",
            "booking_url": "https://example.com/book",
        ],
        "links": ["unsubscribe": "https://example.com/u/{contact}"],
    ]

    /// Sets up, enrolls, plays the customers' part, and ends with a table.
    func run() throws(ClientError) {
        try setUp()
        Terminal.output.print("\nThe event feed, in the local time of each contact:\n")
        try follow()
        try printTable()
        printOutbox()
    }

    private func setUp() throws(ClientError) {
        let settings = Self.settings
        try client.call("settings.put", settings)
        try client.call(
            "workflow.create", ["id": .string(Self.workflow), "template": .string(Self.workflow)])
        try client.call("workflow.activate", ["workflow": .string(Self.workflow)])
        Terminal.output.print(
            "The workflow \"New Lead Follow-Up\" is active. Enrolling \(leads.count) leads:")
        for lead in leads {
            let result = try client.call(
                "enrollment.create",
                [
                    "workflow": .string(Self.workflow), "contact": .object(lead.contact),
                    "record": lead.record,
                ])
            Terminal.output.print(
                "  \(lead.id) is \(result["id"]?.string ?? "?"), asked about \(lead.service)")
        }
    }

    // MARK: The feed

    /// Lets the clock go on, a little at a time, until nobody is inside any more.
    ///
    /// The clock moves only when everything that was due has been done: on a busy machine the same story
    /// takes longer.
    private func follow() throws(ClientError) {
        var position: Int64 = 0
        var inside = leads.count
        var next = ContinuousClock.now
        while inside > 0 {
            try client.call("clock.advance", ["by": ["minutes": .integer(pace.minutes)]])
            inside -= try tell(behind: &position)
            next = max(next, .now - pace.beat) + pace.beat
            Thread.sleep(forTimeInterval: ContinuousClock.now.duration(to: next) / .seconds(1))
        }
    }

    /// Prints what has happened behind `position`, and plays the customers' part; returns how many have left.
    private func tell(behind position: inout Int64) throws(ClientError) -> Int {
        var left = 0
        while true {
            let page = try client.call(
                "events.read", ["after": .integer(position), "limit": 1_000])
            let events = page["events"]?.array ?? []
            if events.isEmpty { return left }
            for event in events {
                if let line = FeedLine(event, zones: zones) { Terminal.output.print(line.text) }
                if event["type"] == "enrollment.exited" || event["type"] == "enrollment.finished" {
                    left += 1
                }
                try play(event)
            }
            position = page["next"]?.integer ?? position
        }
    }

    private var zones: [String: String] {
        Dictionary(leads.map { ($0.id, $0.zone) }) { first, _ in
            first
        }
    }

    /// What the customers do: Ben replies to the email, Carla has enough after the first text.
    private func play(_ event: JSON) throws(ClientError) {
        guard event["type"] == "message.sent", let contact = event["contact"]?.string else {
            return
        }
        switch (contact, event["step"]?.string) {
        case ("lead-ben", "introduce"):
            Terminal.output.print("  >>> Ben replies to the email")
            try client.call("signal.send", ["name": "email.replied", "contact": .string(contact)])
        case ("lead-carla", "confirm"):
            Terminal.output.print("  >>> Carla unsubscribes")
            try client.call(
                "signal.send", ["name": "contact.unsubscribed", "contact": .string(contact)])
        case ("lead-dev", "introduce"):
            Terminal.output.print("  >>> Dev clicks the link in the email")
            try client.call("signal.send", ["name": "link.clicked", "contact": .string(contact)])
        default: break
        }
    }

    // MARK: The end

    private func printTable() throws(ClientError) {
        let list = try client.call("enrollment.list", ["workflow": .string(Self.workflow)])
        Terminal.output.print("\nWho stands where:\n")
        var table = Table("contact", "state", "exit", "steps reached")
        for enrollment in (list["enrollments"]?.array ?? []).reversed() {
            let path = (enrollment["path"]?.array ?? []).compactMap { $0["step"]?.string }
            table.append([
                enrollment["contact"]?.string ?? "", enrollment["state"]?.string ?? "",
                enrollment["exit"]?.string ?? "-", path.joined(separator: " > "),
            ])
        }
        for line in table.lines(width: nil, ink: Terminal.output.ink) {
            Terminal.output.print("  \(line)")
        }
    }

    private func printOutbox() {
        Terminal.output.print(
            "\nWhat would have been sent "
                + (keepsFolder ? "lies in:" : "(--keep leaves the files with it):"))
        for channel in ["sms", "email", "call_reminder"] {
            let path = "\(folder)/data/channels/\(channel)/outbox.jsonl"
            let lines = FileManager.default.contents(atPath: path)?.count { $0 == 0x0A } ?? 0
            Terminal.output.print("  \(keepsFolder ? path : channel) (\(lines) messages)")
        }
    }
}
