import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// Delays, and how a message is planned behind them.
struct DelayStepTests {
    @Test func daysAreCalendarDaysAndHoursAreElapsed() throws {
        // In New York clocks go forward on March 8 at 02:00.
        var journey = try Journey(
            [
                delay(["for": ["days": 1]]), message("a"), delay(["for": ["hours": 24]]),
                message("b"),
                delay(["for": ["days": 1], "at": "08:15"]), message("c"),
            ], at: "03-06 10:00")
        try journey.run()
        #expect(
            journey.lines == [
                "03-07 10:00 a sent sms", "03-08 11:00 b sent sms", "03-09 08:15 c sent sms",
                "03-09 08:15 finished",
            ])
    }

    @Test func aWeekdayMovesOn() throws {
        // March 6, 2026, is a Friday.
        var journey = try Journey(
            [delay(["for": ["days": 1], "at": "09:00", "on": ["mon", "tue"]]), message("a")],
            at: "03-06 10:00")
        try journey.run()
        #expect(journey.lines.first == "03-09 09:00 a sent sms")
    }

    @Test(arguments: [
        // The length of the first delay, of the second, and when both have passed.
        (1, 3, "03-05 08:00"), (3, 1, "03-05 08:00"), (2, 2, "03-04 08:00"),
    ])
    func ofTwoAnchoredDelaysInARowTheLaterCounts(_ first: Int, _ second: Int, _ moment: String)
        throws
    {
        var journey = try Journey(
            [
                delay(["for": ["days": .integer(Int64(first))], "from": "record.due"]),
                delay(["for": ["days": .integer(Int64(second))], "from": "record.due"]),
                message("a"),
            ],
            at: "03-01 10:00", facts: .plain(record: ["due": "2026-03-02T08:00:00-05:00"]))
        try journey.run()
        #expect(journey.lines.first == "\(moment) a sent sms")
    }

    @Test func aTimeOfDayAndAnAnchorTogetherAreTheLaterOfBoth() throws {
        let steps = [
            delay(["from": "record.starts_at", "at": "08:00"]),
            delay(["for": ["hours": -3], "from": "record.starts_at"]), message("alert"),
        ]
        for (start, alert) in [("09:30", "08:00"), ("14:00", "11:00")] {
            var journey = try Journey(
                steps, at: "03-01 10:00",
                facts: .plain(record: ["starts_at": .string("2026-03-05T\(start):00-05:00")]))
            try journey.run()
            #expect(journey.lines.first == "03-05 \(alert) alert sent sms")
        }
    }

    @Test func amountsBeforeAnAnchorAreNegative() throws {
        var journey = try Journey(
            [
                delay(["for": ["weeks": -1], "at": "10:00", "from": "record.starts_at"]),
                message("a"),
            ],
            at: "03-01 10:00", facts: .plain(record: ["starts_at": "2026-03-20T16:00:00-04:00"]))
        try journey.run()
        #expect(journey.lines.first == "03-13 10:00 a sent sms")
    }

    @Test func aDelayCanCountFromEnrollment() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": 2]]), message("a"),
                delay(["for": ["days": 5], "from": "enrolled"]), message("b"),
            ], at: "03-01 10:00")
        try journey.run()
        #expect(journey.lines.dropFirst().first == "03-06 10:00 b sent sms")
    }

    @Test func aMovedFieldPlansAWaitingDelayAnew() throws {
        let steps = [
            message("booked"), delay(["for": ["days": -2], "from": "record.starts_at"]),
            message("soon"),
            delay(["from": "record.starts_at"]), message("now"),
        ]
        var journey = try Journey(
            steps, at: "03-01 10:00",
            facts: .plain(record: ["starts_at": "2026-03-10T12:00:00-04:00"]))
        try journey.run(to: "03-03 10:00")
        #expect(journey.enrollment.due == (try journey.facts.zone.moment("03-08 12:00")))

        journey.facts.record = ["starts_at": "2026-03-07T12:00:00-05:00"]
        journey.wake()
        #expect(journey.enrollment.due == (try journey.facts.zone.moment("03-05 12:00")))
        try journey.run(to: "03-06 10:00")

        // What was sent never repeats.
        journey.facts.record = ["starts_at": "2026-03-20T12:00:00-04:00"]
        journey.wake()
        try journey.run()
        #expect(
            journey.lines == [
                "03-01 10:00 booked sent sms", "03-05 12:00 soon sent sms",
                "03-20 12:00 now sent sms",
                "03-20 12:00 finished",
            ])
    }

    @Test func anAnchorThatVanishesEndsIt() throws {
        var journey = try Journey(
            [delay(["for": ["days": 1], "from": "record.due"]), message("a")], at: "03-01 10:00",
            facts: .plain(record: ["due": "2026-03-05"]))
        try journey.run(to: "03-02 10:00")
        journey.facts.record = [:]
        journey.wake()
        #expect(journey.lines == ["03-02 10:00 exited anchor_missing"])
    }

    @Test func aDateIsADayOfTheContactWhereATimeIsGivenElseOfTheBusiness() throws {
        let record: JSONObject = ["due": "2026-03-05"]
        for (fields, moment) in [
            (["from": "record.due", "at": "10:00"] as JSONObject, "03-05 10:00"),
            (["from": "record.due"], "03-05 05:00"),
        ] {
            var journey = try Journey(
                [delay(fields), message("a")], at: "03-01 10:00",
                facts: .plain(record: record, zone: "Europe/London"))
            try journey.run()
            #expect(journey.lines.first == "\(moment) a sent sms")
        }
    }

    @Test func aWorkflowWithoutStepsIsFinishedAtOnce() throws {
        var journey = try Journey([], at: "03-01 10:00")
        try journey.run()
        #expect(journey.lines == ["03-01 10:00 finished"])
        #expect(journey.enrollment.trail.isEmpty)
    }
}
