import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The timeline of Payment Overdue Escalation, written by hand from what the template is to do.
///
/// In 2026 clocks change on March 8 and November 1 in New York, on March 29 and October 25 in
/// London.
struct PaymentTimelineTests {
    private func payment(
        _ due: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        let record: JSONObject = [
            "due_date": .string("2026-\(due)"), "number": "1042", "balance": 120,
            "balance_text": "$120.00",
        ]
        return try TemplateJourney.lines(
            "payment-overdue-escalation", at: start, zone: zone, record: record, change)
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
            let start = try #require(WallTime(text: "18:00")),
                end = try #require(WallTime(text: "11:30"))
            journey.facts.settings.quietHours = QuietHours(start: start, end: end)
        }
        #expect(
            lines.prefix(4) == [
                "03-03 10:00-05:00 friendly held quiet_hours",
                "03-03 11:30+-05:00 friendly sent sms",
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
        #expect(
            lines.suffix(2) == [
                "04-01 10:00-04:00 raised collections", "04-01 10:00-04:00 finished",
            ])
    }

    @Test func paymentWithoutPhoneIsAskedForByEmail() throws {
        let lines = try payment("03-02", at: "03-02 12:00") { $0.facts.contact["phone"] = nil }
        #expect(lines.first == "03-03 10:00-05:00 friendly sent email")
    }

    @Test(arguments: [
        ("invoice.paid", "paid"), ("invoice.voided", "voided"), (nil, "unsubscribed"),
    ])
    func paymentLeaves(_ signal: String?, _ exit: String) throws {
        let lines = try payment("03-02", at: "03-02 12:00") {
            try $0.leave(on: signal, at: "03-05 10:00")
        }
        #expect(
            lines == ["03-03 10:00-05:00 friendly sent sms", "03-05 10:00-05:00 exited \(exit)"])
    }

    @Test func paymentLeavesWhenNothingIsOwed() throws {
        let lines = try payment("03-02", at: "03-02 12:00") { journey in
            try journey.run(to: "03-05 10:00")
            journey.facts.record?["balance"] = 0
            journey.wake()
        }
        #expect(
            lines == [
                "03-03 10:00-05:00 friendly sent sms", "03-05 10:00-05:00 exited nothing_owed",
            ])
    }
}
