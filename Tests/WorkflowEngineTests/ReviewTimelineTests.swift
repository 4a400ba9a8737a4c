import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The timeline of Post-Job Review Request, written by hand from what the template is to do.
///
/// In 2026 clocks change on March 8 and November 1 in New York, on March 29 and October 25 in
/// London.
struct ReviewTimelineTests {
    private func review(
        _ completed: String, at start: String, zone: String = "America/New_York",
        _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        try TemplateJourney.lines(
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
                "03-10 \(TemplateJourney.spreadMinute(ofNode: 6))-04:00 finished",
            ])
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
            try $0.leave(on: signal, at: "03-04 10:00")
        }
        #expect(
            lines == ["03-03 12:00-05:00 ask-text sent sms", "03-04 10:00-05:00 exited \(exit)"])
    }
}
