import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The timeline of New Lead Follow-Up, written by hand from what the template is to do.
///
/// In 2026 clocks change on March 8 and November 1 in New York, on March 29 and October 25 in
/// London.
struct NewLeadTimelineTests {
    private func newLead(
        at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try TemplateJourney.lines(
            "new-lead-follow-up", at: start, zone: zone, record: ["service": "Boiler"], change)
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
        let lines = try newLead(at: "03-02 14:00") { try $0.leave(on: signal, at: "03-03 12:00") }
        #expect(
            lines == [
                "03-02 14:00-05:00 confirm sent sms", "03-03 10:00-05:00 introduce sent email",
                "03-03 12:00-05:00 exited \(exit)",
            ])
    }
}
