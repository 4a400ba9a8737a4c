import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The timeline of Recurring Service Reminder, written by hand from what the template is to do.
///
/// In 2026 clocks change on March 8 and November 1 in New York, on March 29 and October 25 in
/// London.
struct VisitTimelineTests {
    private func visit(
        _ starts: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try TemplateJourney.lines(
            "recurring-service-reminder", at: start, zone: zone,
            record: ["starts_at": .string("2026-\(starts)")], change)
    }

    @Test func visitInNewYork() throws {
        #expect(
            try visit("03-20T14:00:00-04:00", at: "02-10 12:00") == [
                "02-18 14:00-05:00 notice sent email",
                "03-06 14:00-05:00 confirm-text sent sms",
                "03-17 14:00-04:00 confirmed took otherwise",
                "03-17 14:00-04:00 call sent call_reminder",
                "03-18 14:00-04:00 reminder sent sms",
                "03-20 11:00-04:00 alert sent sms",
                "03-20 11:00-04:00 finished",
            ])
    }

    @Test func visitInLondonInTheMorning() throws {
        // Three hours before would be 06:30.
        #expect(
            try visit("04-02T09:30:00+01:00", at: "02-20 12:00", zone: "Europe/London") == [
                "03-03 09:30Z notice sent email",
                "03-19 09:30Z confirm-text sent sms",
                "03-30 09:30+01:00 confirmed took otherwise",
                "03-30 09:30+01:00 call sent call_reminder",
                "03-31 09:30+01:00 reminder sent sms",
                "04-02 08:00+01:00 alert held quiet_hours",
                "04-02 09:00++01:00 alert sent sms",
                "04-02 \(TemplateJourney.spreadMinute(ofNode: 11))+01:00 finished",
            ])
    }

    @Test func visitInTheEvening() throws {
        #expect(
            try visit("03-20T20:30:00-04:00", at: "02-10 12:00") == [
                "02-18 20:30-05:00 notice held quiet_hours",
                "02-19 09:00+-05:00 notice sent email",
                "03-06 20:30-05:00 confirm-text held quiet_hours",
                "03-07 09:00+-05:00 confirm-text sent sms",
                "03-17 20:30-04:00 confirmed took otherwise",
                "03-17 20:30-04:00 call sent call_reminder",
                "03-18 20:30-04:00 reminder held quiet_hours",
                "03-19 09:00+-04:00 reminder sent sms",
                "03-20 17:30-04:00 alert sent sms",
                "03-20 17:30-04:00 finished",
            ])
    }

    @Test func visitThatIsConfirmedNeedsNoCall() throws {
        let lines = try visit("03-20T14:00:00-04:00", at: "02-10 12:00") { journey in
            try journey.run(to: "03-07 12:00")
            try journey.signal("sms.replied")
        }
        #expect(
            lines.dropFirst(2).prefix(2) == [
                "03-17 14:00-04:00 confirmed took replied", "03-18 14:00-04:00 reminder sent sms",
            ])
    }

    @Test func visitInTwentyDays() throws {
        #expect(
            try visit("03-30T12:00:00-04:00", at: "03-10 12:00") == [
                "03-10 12:00-04:00 notice skipped late",
                "03-16 12:00-04:00 confirm-text sent sms",
                "03-27 12:00-04:00 confirmed took otherwise",
                "03-27 12:00-04:00 call sent call_reminder",
                "03-28 12:00-04:00 reminder sent sms",
                "03-30 09:00-04:00 alert sent sms",
                "03-30 09:00-04:00 finished",
            ])
    }

    @Test func visitInTwentyHours() throws {
        #expect(
            try visit("03-11T14:00:00-04:00", at: "03-10 18:00") == [
                "03-10 18:00-04:00 notice skipped late",
                "03-10 18:00-04:00 confirm-text skipped late",
                "03-10 18:00-04:00 confirmed took otherwise",
                "03-10 18:00-04:00 call skipped late",
                "03-10 18:00-04:00 reminder skipped late",
                "03-11 11:00-04:00 alert sent sms",
                "03-11 11:00-04:00 finished",
            ])
    }

    @Test func visitThatBeginsBeforeQuietHoursEndHasNoAlert() throws {
        #expect(
            try visit("03-20T08:30:00-04:00", at: "03-19 12:00").suffix(3) == [
                "03-20 08:00-04:00 alert held quiet_hours",
                "03-20 09:00+-04:00 alert skipped late record.starts_at",
                "03-20 \(TemplateJourney.spreadMinute(ofNode: 11))-04:00 finished",
            ])
    }

    @Test func visitInThePastIsRefused() throws {
        for starts in [
            "2026-03-10T11:59:00-04:00", "2026-03-10T08:00:00-04:00", "2026-03-09T14:00:00-04:00",
            "2025-12-01T14:00:00Z",
        ] {
            let life = try TemplateJourney(
                "recurring-service-reminder", at: "03-10 12:00",
                record: ["starts_at": .string(starts)])
            #expect(life.refusal() == .nothingToSend)
        }
    }

    @Test func visitThatMovesIsPlannedAnew() throws {
        let lines = try visit("03-20T14:00:00-04:00", at: "02-10 12:00") { journey in
            try journey.run(to: "03-10 12:00")
            journey.facts.record = ["starts_at": "2026-03-27T16:00:00-04:00"]
            journey.wake()
        }
        #expect(
            lines == [
                "02-18 14:00-05:00 notice sent email",
                "03-06 14:00-05:00 confirm-text sent sms",
                "03-24 16:00-04:00 confirmed took otherwise",
                "03-24 16:00-04:00 call sent call_reminder",
                "03-25 16:00-04:00 reminder sent sms",
                "03-27 13:00-04:00 alert sent sms",
                "03-27 13:00-04:00 finished",
            ])
    }

    /// Scheduling moves the visit back, in the middle of whatever waits.
    @Test(arguments: [
        "02-18 22:00", "03-06 21:30", "03-06 22:00", "03-17 21:00", "03-18 20:45", "03-18 23:00",
        "03-20 12:00",
    ])
    func nobodyIsRemindedOfAVisitThatIsOver(_ moment: String) throws {
        for hours in [1, 5, 26, 50, 800] {
            let lines = try visit("03-20T20:30:00-04:00", at: "02-10 12:00") { journey in
                try journey.run(to: moment)
                let over = journey.now - .hours(hours)
                journey.facts.record = ["starts_at": .string(over.rfc3339)]
                journey.wake()
            }
            let later = lines.filter { $0.prefix(11) > moment.prefix(11) }
            #expect(!later.contains { $0.contains(" sent ") }, "\(hours) h: \(later)")
        }
    }

    @Test(arguments: [
        ("visit.cancelled", "cancelled"), ("visit.completed", "completed"), (nil, "unsubscribed"),
    ])
    func visitLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try visit("03-20T14:00:00-04:00", at: "02-10 12:00") {
            try $0.leave(on: signal, at: "03-01 10:00")
        }
        #expect(
            lines == ["02-18 14:00-05:00 notice sent email", "03-01 10:00-05:00 exited \(exit)"])
    }
}
