import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// "Since a step" means since the contact reached it, whatever was planned.
struct ReachedTests {
    private static let replied: JSON = ["signal": "sms.replied", "since": "ask"]

    /// The visit is moved forward, so that the question is late and never asked; the text of the morning is
    /// no answer to it.
    @Test func whatCameBeforeAStepWasReachedIsNoAnswerToIt() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": -14], "from": "record.starts_at"]), message("ask"),
                delay(["for": ["days": -3], "from": "record.starts_at"]),
                branch(
                    "confirmed", "yes", when: ReachedTests.replied, [],
                    otherwise: [message("call", "call_reminder")]),
            ], at: "03-12 10:00", facts: .plain(record: ["starts_at": "2026-03-28T12:00:00-04:00"]))
        journey.enroll()
        try journey.run(to: "03-13 05:00")
        try journey.signal("sms.replied")
        try journey.run(to: "03-13 23:00")
        journey.facts.record?["starts_at"] = "2026-03-25T12:00:00-04:00"
        journey.wake()
        try journey.run()
        #expect(
            journey.lines == [
                "03-13 23:00 ask skipped late", "03-22 12:00 confirmed took otherwise",
                "03-22 12:00 call sent call_reminder", "03-22 12:00 finished",
            ])
    }

    /// Enrolled after the fact: nothing was reached before the enrollment.
    @Test func noStepIsReachedBeforeTheEnrollment() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": -14], "from": "record.starts_at"]), message("a"),
                delay(["for": ["days": -2], "from": "record.starts_at"]), message("b"),
            ], at: "03-12 10:00", facts: .plain(record: ["starts_at": "2026-03-20T12:00:00-04:00"]))
        try journey.run(to: "03-12 11:00")
        let enrolled = try journey.facts.zone.moment("03-12 10:00")
        #expect(journey.enrollment.trail.map(\.at) == [enrolled, enrolled, enrolled])
        try journey.run()
        #expect(
            journey.lines == [
                "03-12 10:00 a skipped late", "03-18 12:00 b sent sms", "03-18 12:00 finished",
            ])
        #expect(journey.claims.map(\.planned) == [try journey.facts.zone.moment("03-18 12:00")])
    }

    /// After a time without the service a step is reached late, and what was told late of the time before
    /// does not count for it.
    @Test func whatHappenedWhileNobodyCouldAskIsNoAnswer() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": 1]]), message("ask"),
                branch(
                    "fork", "yes", when: ReachedTests.replied, [flag("yes")],
                    within: ["hours": 5]),
            ], at: "03-02 10:00")
        journey.enroll()
        try journey.sleep(to: "03-03 18:00")
        try journey.signal("sms.replied", at: "03-03 12:00")
        try journey.run()
        #expect(
            journey.lines == [
                "03-03 18:00 ask sent sms", "03-03 23:00 fork took otherwise",
                "03-03 23:00 finished",
            ])
    }

    /// The answer to the first question leads to the second, in the same millisecond, and is none to that.
    @Test func oneReplyIsNotTheAnswerToTwoQuestions() throws {
        var journey = try Journey(
            [
                message("first"),
                branch(
                    "one", "yes", when: ["signal": "sms.replied", "since": "first"],
                    [
                        message("ask"),
                        branch(
                            "two", "yes", when: ReachedTests.replied, [flag("both")],
                            within: ["days": 1]),
                    ], within: ["days": 1]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        try journey.signal("sms.replied")
        #expect(journey.lines.last == "03-02 11:00 ask sent sms")
        try journey.signal("sms.replied")
        #expect(
            journey.lines.suffix(3) == [
                "03-02 11:00 two took yes", "03-02 11:00 raised both", "03-02 11:00 finished",
            ])
    }

    /// The wall clock is set back between two steps.
    @Test func aClockThatIsSetBackTurnsNoOrderRound() throws {
        var journey = try Journey(
            [
                message("first"), delay(["for": ["hours": 2]]), message("ask"),
                branch(
                    "fork", "yes", when: ReachedTests.replied, [flag("yes")],
                    within: ["days": 1]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        try journey.signal("sms.replied")
        try journey.run(to: "03-02 12:00")
        try journey.sleep(to: "03-02 09:00")
        journey.wake()
        #expect(journey.lines.last == "03-02 12:00 ask sent sms")
        try journey.signal("sms.replied")
        #expect(journey.lines.suffix(2) == ["03-02 09:00 raised yes", "03-02 09:00 finished"])
    }
}
