import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The timelines of the four shipped templates, written by hand from what each is to do.
///
/// In 2026 clocks change on March 8 and November 1 in New York, on March 29 and October 25 in London.
struct TemplateTimelineTests {
    private func lines(
        _ template: String, at start: String, zone: String = "America/New_York", record: JSONObject = [:],
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        var life = try TemplateJourney(template, at: start, zone: zone, record: record)
        #expect(life.refusal() == nil)
        try change(&life.journey)
        return try life.lines()
    }

    // MARK: New Lead Follow-Up

    private func newLead(
        at start: String, zone: String = "America/New_York", _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try lines("new-lead-follow-up", at: start, zone: zone, record: ["service": "Boiler"], change)
    }

    @Test func newLeadInNewYork() throws {
        // Enrolled on a Thursday; day 3 is a Sunday.
        #expect(
            try newLead(at: "03-05 14:00") == [
                "03-05 14:00-05:00 confirm sent sms",
                "03-06 10:00-05:00 introduce sent email",
                "03-09 09:00-04:00 call sent call_reminder",
                "03-12 10:00-04:00 interest took otherwise",
                "03-12 10:00-04:00 re-engage-email sent email",
                "03-12 10:00-04:00 finished",
            ])
    }

    @Test func newLeadInLondon() throws {
        #expect(
            try newLead(at: "03-26 14:00", zone: "Europe/London") == [
                "03-26 14:00Z confirm sent sms",
                "03-27 10:00Z introduce sent email",
                "03-30 09:00+01:00 call sent call_reminder",
                "04-02 10:00+01:00 interest took otherwise",
                "04-02 10:00+01:00 re-engage-email sent email",
                "04-02 10:00+01:00 finished",
            ])
    }

    @Test func newLeadAtNight() throws {
        #expect(
            try newLead(at: "03-02 22:30") == [
                "03-02 22:30-05:00 confirm held quiet_hours",
                "03-03 09:00+-05:00 confirm sent sms",
                "03-03 10:00-05:00 introduce sent email",
                "03-05 09:00-05:00 call sent call_reminder",
                "03-09 10:00-04:00 interest took otherwise",
                "03-09 10:00-04:00 re-engage-email sent email",
                "03-09 10:00-04:00 finished",
            ])
    }

    @Test func newLeadThatClickedGetsAText() throws {
        let lines = try newLead(at: "03-02 14:00") { journey in
            try journey.run(to: "03-04 12:00")
            try journey.signal("link.clicked")
        }
        #expect(
            lines.suffix(3) == [
                "03-09 10:00-04:00 interest took clicked",
                "03-09 10:00-04:00 re-engage-text sent sms",
                "03-09 10:00-04:00 finished",
            ])
    }

    @Test func newLeadWithoutPhoneGetsAnEmailFirst() throws {
        let lines = try newLead(at: "03-02 14:00") { $0.facts.contact["phone"] = nil }
        #expect(lines.first == "03-02 14:00-05:00 confirm sent email")
    }

    @Test func newLeadOfALongOutageIsLateAfter16Hours() throws {
        for (moment, first) in [
            ("03-03 06:00", "confirm held quiet_hours"), ("03-03 06:01", "confirm skipped late"),
        ] {
            let lines = try newLead(at: "03-02 14:00") { journey in
                try journey.sleep(to: moment)
                journey.enroll()
            }
            #expect(lines.first == "\(moment)-05:00 \(first)")
        }
    }

    @Test(arguments: [
        ("job.booked", "booked"), ("sms.replied", "replied_by_text"),
        ("email.replied", "replied_by_email"), ("call.answered", "answered_call"),
        ("lead.closed", "lead_closed"), (nil, "unsubscribed"),
    ])
    func newLeadLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try newLead(at: "03-02 14:00") { try leave(&$0, signal, at: "03-03 12:00") }
        #expect(
            lines == [
                "03-02 14:00-05:00 confirm sent sms", "03-03 10:00-05:00 introduce sent email",
                "03-03 12:00-05:00 exited \(exit)",
            ])
    }

    private func leave(_ journey: inout Journey, _ signal: String?, at moment: String) throws {
        try journey.run(to: moment)
        if let signal {
            try journey.signal(signal)
        } else {
            journey.facts.suppression.all = true
            journey.wake()
        }
    }

    // MARK: Post-Job Review Request

    private func review(
        _ completed: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try lines(
            "post-job-review-request", at: start, zone: zone,
            record: ["completed_at": .string("2026-\(completed)")], change)
    }

    @Test func reviewInNewYork() throws {
        // Hours are elapsed: the third day has one less.
        #expect(
            try review("03-06T15:00:00-05:00", at: "03-06 15:00") == [
                "03-07 15:00-05:00 ask-text sent sms",
                "03-09 16:00-04:00 response took otherwise",
                "03-09 16:00-04:00 ask-email sent email",
                "03-13 15:00-04:00 channel took text",
                "03-13 15:00-04:00 final-text sent sms",
                "03-13 15:00-04:00 finished",
            ])
    }

    @Test func reviewInLondon() throws {
        #expect(
            try review("10-23T12:00:00+01:00", at: "10-23 12:30", zone: "Europe/London") == [
                "10-24 12:00+01:00 ask-text sent sms",
                "10-26 11:00Z response took otherwise",
                "10-26 11:00Z ask-email sent email",
                "10-30 12:00Z channel took text",
                "10-30 12:00Z final-text sent sms",
                "10-30 12:00Z finished",
            ])
    }

    @Test func reviewOfAJobThatEndedInTheEvening() throws {
        #expect(
            try review("03-02T21:00:00-05:00", at: "03-02 21:00") == [
                "03-03 21:00-05:00 ask-text held quiet_hours",
                "03-04 09:00+-05:00 ask-text sent sms",
                "03-05 21:00-05:00 response took otherwise",
                "03-05 21:00-05:00 ask-email held quiet_hours",
                "03-06 09:00+-05:00 ask-email sent email",
                "03-09 21:00-04:00 channel took text",
                "03-09 21:00-04:00 final-text held quiet_hours",
                "03-10 09:00+-04:00 final-text sent sms",
                "03-10 \(spreadMinute(ofNode: 6))-04:00 finished",
            ])
    }

    private func spreadMinute(ofNode node: Int) -> String {
        "09:0\(QuietHoursSpread.offset(contact: "ann", node: node).milliseconds / 60_000)"
    }

    @Test func reviewAskedTwoDaysLate() throws {
        #expect(
            try review("03-02T15:00:00-05:00", at: "03-04 16:00") == [
                "03-04 16:00-05:00 ask-text skipped late",
                "03-05 15:00-05:00 response took otherwise",
                "03-05 15:00-05:00 ask-email sent email",
                "03-09 15:00-04:00 channel took email",
                "03-09 15:00-04:00 final-email sent email",
                "03-09 15:00-04:00 finished",
            ])
    }

    @Test func reviewAskedTooLate() throws {
        let life = try TemplateJourney(
            "post-job-review-request", at: "03-20 12:00",
            record: ["completed_at": "2026-03-02T15:00:00-05:00"])
        #expect(life.refusal() == .nothingToSend)
    }

    @Test func reviewAfterAClickSendsNoEmail() throws {
        let lines = try review("03-02T12:00:00-05:00", at: "03-02 12:00") { journey in
            try journey.run(to: "03-04 10:00")
            try journey.signal("link.clicked")
        }
        #expect(
            lines == [
                "03-03 12:00-05:00 ask-text sent sms",
                "03-05 12:00-05:00 response took responded",
                "03-09 12:00-04:00 channel took text",
                "03-09 12:00-04:00 final-text sent sms",
                "03-09 12:00-04:00 finished",
            ])
    }

    @Test func reviewEndsOnTheChannelThatGotThrough() throws {
        let lines = try review("03-02T12:00:00-05:00", at: "03-02 12:00") { journey in
            journey.answer = { $0.channel == "sms" ? .permanent : .sent }
        }
        #expect(
            lines.suffix(3) == [
                "03-09 12:00-04:00 channel took email",
                "03-09 12:00-04:00 final-email sent email",
                "03-09 12:00-04:00 finished",
            ])
    }

    @Test(arguments: [
        ("review.submitted", "reviewed"), ("job.reopened", "job_reopened"), (nil, "unsubscribed"),
    ])
    func reviewLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try review("03-02T12:00:00-05:00", at: "03-02 12:00") {
            try leave(&$0, signal, at: "03-04 10:00")
        }
        #expect(lines == ["03-03 12:00-05:00 ask-text sent sms", "03-04 10:00-05:00 exited \(exit)"])
    }

    // MARK: Recurring Service Reminder

    private func visit(
        _ starts: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try lines(
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
                "04-02 08:00+01:00 alert sent sms",
                "04-02 08:00+01:00 finished",
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

    @Test func visitInThePastIsRefused() throws {
        for starts in ["2026-03-10T08:00:00-04:00", "2026-03-09T14:00:00-04:00", "2025-12-01T14:00:00Z"] {
            let life = try TemplateJourney(
                "recurring-service-reminder", at: "03-10 12:00", record: ["starts_at": .string(starts)])
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

    @Test(arguments: [
        ("visit.cancelled", "cancelled"), ("visit.completed", "completed"), (nil, "unsubscribed"),
    ])
    func visitLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try visit("03-20T14:00:00-04:00", at: "02-10 12:00") {
            try leave(&$0, signal, at: "03-01 10:00")
        }
        #expect(lines == ["02-18 14:00-05:00 notice sent email", "03-01 10:00-05:00 exited \(exit)"])
    }

    // MARK: Payment Overdue Escalation

    private func payment(
        _ due: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        let record: JSONObject = [
            "due_date": .string("2026-\(due)"), "number": "1042", "balance": 120, "balance_text": "$120.00",
        ]
        return try lines("payment-overdue-escalation", at: start, zone: zone, record: record, change)
    }

    @Test func paymentInNewYork() throws {
        #expect(
            try payment("03-02", at: "03-03 00:30") == [
                "03-03 10:00-05:00 friendly sent sms",
                "03-09 10:00-04:00 firm sent email",
                "03-16 10:00-04:00 final sent email",
                "04-01 10:00-04:00 raised collections",
                "04-01 10:00-04:00 finished",
            ])
    }

    @Test func paymentInLondon() throws {
        #expect(
            try payment("03-20", at: "03-20 12:00", zone: "Europe/London") == [
                "03-21 10:00Z friendly sent sms",
                "03-27 10:00Z firm sent email",
                "04-03 10:00+01:00 final sent email",
                "04-19 10:00+01:00 raised collections",
                "04-19 10:00+01:00 finished",
            ])
    }

    @Test func paymentInQuietHours() throws {
        let lines = try payment("03-02", at: "03-02 12:00") { journey in
            let start = try #require(WallTime(text: "18:00")), end = try #require(WallTime(text: "11:30"))
            journey.facts.settings.quietHours = QuietHours(start: start, end: end)
        }
        #expect(
            lines.prefix(4) == [
                "03-03 10:00-05:00 friendly held quiet_hours", "03-03 11:30+-05:00 friendly sent sms",
                "03-09 10:00-04:00 firm held quiet_hours", "03-09 11:30+-04:00 firm sent email",
            ])
    }

    @Test(arguments: [
        // The day of enrollment, and what becomes of the three messages at once.
        ("03-03 12:00", ["friendly sent sms"]),
        ("03-06 09:59", ["friendly sent sms"]),
        ("03-06 10:01", ["friendly skipped late"]),
        ("03-11 12:00", ["friendly skipped late", "firm sent email"]),
        ("03-14 12:00", ["friendly skipped late", "firm skipped late"]),
        ("03-22 12:00", ["friendly skipped late", "firm skipped late", "final skipped late"]),
    ])
    func paymentOfAnOldInvoice(_ start: String, _ atOnce: [String]) throws {
        let lines = try payment("03-02", at: start)
        #expect(lines.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(18)) } == atOnce)
        #expect(lines.suffix(2) == ["04-01 10:00-04:00 raised collections", "04-01 10:00-04:00 finished"])
    }

    @Test func paymentWithoutPhoneIsAskedForByEmail() throws {
        let lines = try payment("03-02", at: "03-02 12:00") { $0.facts.contact["phone"] = nil }
        #expect(lines.first == "03-03 10:00-05:00 friendly sent email")
    }

    @Test(arguments: [
        ("invoice.paid", "paid"), ("invoice.voided", "voided"), (nil, "unsubscribed"),
    ])
    func paymentLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try payment("03-02", at: "03-02 12:00") { try leave(&$0, signal, at: "03-05 10:00") }
        #expect(lines == ["03-03 10:00-05:00 friendly sent sms", "03-05 10:00-05:00 exited \(exit)"])
    }

    @Test func paymentLeavesWhenNothingIsOwed() throws {
        let lines = try payment("03-02", at: "03-02 12:00") { journey in
            try journey.run(to: "03-05 10:00")
            journey.facts.record?["balance"] = 0
            journey.wake()
        }
        #expect(
            lines == ["03-03 10:00-05:00 friendly sent sms", "03-05 10:00-05:00 exited nothing_owed"])
    }
}
