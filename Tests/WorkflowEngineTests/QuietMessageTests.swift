import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// What quiet hours do to messages, and what they leave alone.
struct QuietMessageTests {
    @Test func quietHoursHoldAMessageAndSpreadItBehindThem() throws {
        var journey = try Journey(
            [message("a"), delay(["for": ["hours": 1]]), message("b")], at: "03-02 22:00",
            facts: .quiet())
        try journey.run()
        let spread = QuietHoursSpread.offset(contact: "ann", node: 0)
        #expect(spread >= .zero && spread < .minutes(5))
        let end = try journey.facts.zone.moment("03-03 09:00") + spread
        let moment = journey.facts.zone.text(end)
        #expect(
            journey.lines.prefix(2) == ["03-02 22:00 a held quiet_hours", "\(moment) a sent sms"])
        // What follows counts from when it went.
        #expect(journey.lines[2] == "\(journey.facts.zone.text(end + .hours(1))) b sent sms")
        #expect(journey.claims[0].planned == (try journey.facts.zone.moment("03-02 22:00")))
    }

    @Test func heldMessagesOfManyContactsAreSpread() {
        let offsets = (0..<500).map { QuietHoursSpread.offset(contact: "contact-\($0)", node: 3) }
        #expect(Set(offsets).count > 200)
        #expect(offsets.allSatisfy { $0 >= .zero && $0 < QuietHoursSpread.window })
    }

    @Test func theSpreadDoesNotReachIntoTheNextQuietHours() throws {
        let start = try #require(WallTime(text: "09:01"))
        let end = try #require(WallTime(text: "09:00"))
        for number in 0..<20 {
            let facts = Facts.quiet().with {
                $0.contactID = "contact-\(number)"
                $0.settings.quietHours = QuietHours(start: start, end: end)
            }
            var journey = try Journey([message("a")], at: "03-02 22:00", facts: facts)
            try journey.run()
            #expect(journey.lines.dropFirst().first == "03-03 09:00 a sent sms")
        }
    }

    @Test func quietHoursMoveNothingElse() throws {
        var journey = try Journey(
            [
                message("call", "call_reminder"), message("now", ["quiet_hours": "ignore"]),
                flag("f"),
                branch("fork", "yes", when: ["signal": "a.b"], [], within: ["hours": 2]),
            ], at: "03-02 22:00", facts: .quiet())
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 22:00 call sent call_reminder", "03-02 22:00 now sent sms",
                "03-02 22:00 raised f",
                "03-03 00:00 fork took otherwise", "03-03 00:00 finished",
            ])
    }

    @Test func timeHeldByQuietHoursIsNotLateness() throws {
        // Planned half an hour before they begin, held by its channel up to when they have begun.
        var journey = try Journey(
            [message("a", ["max_lateness": ["hours": 2]])], at: "03-02 19:30",
            facts: Facts.quiet().with { $0.set("sms", .down) })
        try journey.run(to: "03-02 20:30")
        journey.facts.set("sms", .open)
        journey.wake()
        try journey.run()
        #expect(
            journey.lines.prefix(2) == [
                "03-02 19:30 a held channel_down", "03-02 20:30 a held quiet_hours",
            ])
        #expect(
            journey.lines[2].hasPrefix("03-03 09:0") && journey.lines[2].hasSuffix("a sent sms"))
    }

    @Test func quietNightsThatHeldNothingAreLateness() throws {
        // Two days down: the message of the evening before last is late, nights or not.
        var journey = try Journey(
            [delay(["for": ["hours": 1]]), message("a")], at: "03-02 10:00", facts: .quiet())
        try journey.run(to: "03-02 10:30")
        try journey.sleep(to: "03-03 12:00")
        journey.wake()
        #expect(journey.lines == ["03-03 12:00 a skipped late", "03-03 12:00 finished"])
    }

    @Test func theNightThatAMessageWasPlannedInIsNotLateness() throws {
        var journey = try Journey(
            [delay(["for": ["hours": 12]]), message("a", ["max_lateness": ["hours": 1]])],
            at: "03-02 10:00", facts: .quiet())
        try journey.run(to: "03-02 10:30")
        try journey.sleep(to: "03-03 09:45")
        journey.wake()
        #expect(journey.lines.first == "03-03 09:45 a sent sms")
    }

    @Test func aHeldMessageIsNotSentAfterAnExit() throws {
        var journey = try Journey(
            [message("a")], exits: [exit("gone", when: ["signal": "job.booked"])],
            at: "03-02 22:00",
            facts: .quiet())
        try journey.run(to: "03-02 23:00")
        try journey.signal("job.booked")
        try journey.run()
        #expect(journey.lines.last == "03-02 23:00 exited gone")
        #expect(journey.claims.isEmpty)
    }
}
