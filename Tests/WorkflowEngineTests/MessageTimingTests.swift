import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The late rule, halts and full or dead channels.
struct MessageTimingTests {
    /// Messages one, two and three days behind the day in `record.due`, at 10:00.
    private static let anchored = (1...3).flatMap { day -> [JSON] in
        [
            delay(["for": ["days": .integer(Int64(day))], "at": "10:00", "from": "record.due"]),
            message("day\(day)"),
        ]
    }
    private static let due: JSONObject = ["due": "2026-03-02"]

    // MARK: Late

    @Test(arguments: [("03-04 10:00", true), ("03-04 10:01", false)])
    func aMessageIsLateAfterADayUnlessItSaysOtherwise(_ moment: String, _ goes: Bool) throws {
        var journey = try Journey([delay(["for": ["days": 1]]), message("a")], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        try journey.sleep(to: moment)
        journey.wake()
        #expect(journey.lines.first == "\(moment) a " + (goes ? "sent sms" : "skipped late"))
    }

    @Test(arguments: [
        // A message planned at 10:00, when it is looked at, and what it must not go behind.
        ("03-02 11:00", "2026-03-02T16:00:00Z", "sent sms"),
        ("03-02 11:01", "2026-03-02T16:00:00Z", "skipped late record.starts_at"),
        ("03-02 23:59", "2026-03-02", "sent sms"),
        ("03-03 00:01", "2026-03-02", "skipped late record.starts_at"),
        ("03-03 09:00", "soon", "sent sms"),
    ])
    func aMessageDoesNotGoBehindItsLastMoment(_ moment: String, _ last: String, _ outcome: String)
        throws
    {
        var journey = try Journey(
            [message("a", ["not_after": "record.starts_at"])], at: "03-02 10:00",
            facts: .plain(record: ["starts_at": .string(last)]))
        try journey.sleep(to: moment)
        try journey.run()
        #expect(journey.lines.first == "\(moment) a \(outcome)")
        #expect(journey.claims.allSatisfy { $0.notAfter >= $0.planned })
    }

    @Test func enrolledAfterTheFactOnlyWhatIsStillInTimeGoes() throws {
        var journey = try Journey(
            MessageTimingTests.anchored, at: "03-04 12:00",
            facts: .plain(record: MessageTimingTests.due))
        try journey.run()
        #expect(
            journey.lines == [
                "03-04 12:00 day1 skipped late", "03-04 12:00 day2 sent sms",
                "03-05 10:00 day3 sent sms",
                "03-05 10:00 finished",
            ])
    }

    @Test func recoverySendsOneCatchUpMessageAtMost() throws {
        let generous = MessageTimingTests.anchored.map { step -> JSON in
            guard case .object(var fields) = step, fields["kind"] == "message" else { return step }
            fields["max_lateness"] = ["days": 9]
            return .object(fields)
        }
        var journey = try Journey(
            generous, at: "03-01 10:00", facts: .plain(record: MessageTimingTests.due))
        try journey.run(to: "03-01 11:00")
        try journey.sleep(to: "03-05 10:00")
        journey.wake()
        #expect(
            journey.lines == [
                "03-05 10:00 day1 skipped superseded day2",
                "03-05 10:00 day2 skipped superseded day3",
                "03-05 10:00 day3 sent sms", "03-05 10:00 finished",
            ])
    }

    @Test func messagesOfOneMomentDoNotSupersedeEachOther() throws {
        var journey = try Journey(
            [
                delay(["for": ["hours": 1]]), message("a"), message("b", "email"), flag("f"),
                message("c"),
            ],
            at: "03-02 10:00")
        try journey.run(to: "03-02 10:30")
        try journey.sleep(to: "03-02 15:00")
        journey.wake()
        #expect(
            journey.lines == [
                "03-02 15:00 a sent sms", "03-02 15:00 b sent email", "03-02 15:00 raised f",
                "03-02 15:00 c sent sms", "03-02 15:00 finished",
            ])
    }

    @Test func aRelativeDelayKeepsItsDistance() throws {
        var journey = try Journey(
            [
                delay(["for": ["hours": 1]]), message("a"), delay(["for": ["hours": 1]]),
                message("b"),
            ],
            at: "03-02 10:00")
        try journey.run(to: "03-02 10:30")
        try journey.sleep(to: "03-02 15:00")
        try journey.run()
        #expect(journey.lines.prefix(2) == ["03-02 15:00 a sent sms", "03-02 16:00 b sent sms"])
    }

    @Test func aBranchThatIsUndecidedDoesNotSupersede() throws {
        let noon = delay(["for": ["days": 1], "at": "12:00", "from": "record.due"])
        var journey = try Journey(
            [
                delay(["for": ["days": 1], "at": "10:00", "from": "record.due"]), message("a"),
                branch(
                    "fork", "yes", when: ["signal": "a.b"], [noon, message("b")],
                    otherwise: [noon, message("c")], within: ["days": 1]),
            ], at: "03-03 14:00", facts: .plain(record: MessageTimingTests.due))
        try journey.run(to: "03-03 14:00")
        #expect(journey.lines == ["03-03 14:00 a sent sms"])
    }

    @Test func aMessageThatWasPlannedEarlierDoesNotSupersede() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": 3], "from": "record.due"]), message("a"),
                delay(["for": ["days": 1], "from": "record.due"]), message("b"),
            ], at: "03-02 10:00", facts: .plain(record: MessageTimingTests.due))
        try journey.run()
        #expect(
            journey.lines.prefix(2) == ["03-05 00:00 a sent sms", "03-05 00:00 b skipped late"])
    }

    /// A reminder waits for the morning, and the visit is moved to yesterday: the message behind it was due
    /// later than it, by the date as it is now.
    @Test(arguments: [("03-08T21:00", "day"), ("03-20T21:00", "sent sms")])
    func aReminderOfAVisitThatWasMovedBackIsSuperseded(_ visit: String, _ outcome: String) throws {
        var journey = try Journey(
            [
                delay(["for": ["days": -2], "from": "record.starts_at"]), message("reminder"),
                delay(["for": ["hours": -3], "from": "record.starts_at"]),
                message("alert", ["max_lateness": ["hours": 2], "not_after": "record.starts_at"]),
            ], at: "03-01 10:00",
            facts: .quiet(record: ["starts_at": "2026-03-11T21:00:00-04:00"]))
        try journey.run(to: "03-09 22:00")
        #expect(journey.lines == ["03-09 21:00 reminder held quiet_hours"])
        journey.facts.record?["starts_at"] = .string("2026-\(visit):00-04:00")
        journey.wake()
        try journey.run(to: "03-10 12:00")
        let told = journey.lines.dropFirst().map { String($0.dropFirst(12)) }
        #expect(
            told
                == (outcome == "day"
                    ? [
                        "reminder skipped superseded alert",
                        "alert skipped late", "finished",
                    ] : ["reminder sent sms"]))
    }

    /// Two delays before the message: the later of them counts, by the dates as they are now.
    @Test func ofTwoDelaysBeforeAMessageTheLaterCounts() throws {
        var journey = try Journey(
            [
                delay(["for": ["days": 2], "from": "record.due"]),
                delay(["for": ["days": 1], "from": "record.due"]), message("a"),
                delay(["for": ["hours": 36], "from": "record.due"]), message("b"),
            ], at: "03-02 10:00", facts: .plain(record: MessageTimingTests.due))
        try journey.run()
        #expect(journey.lines.prefix(2) == ["03-04 00:00 a sent sms", "03-04 00:00 b sent sms"])
    }

    // MARK: Halts

    @Test func whileHaltedNothingIsSentAndEverythingElseGoesOn() throws {
        var journey = try Journey(
            [
                branch("fork", "yes", when: ["signal": "a.b"], [], within: ["hours": 1]), flag("f"),
                message("a"),
            ], exits: [exit("gone", when: ["signal": "job.booked"])], at: "03-02 10:00",
            facts: Facts.plain().with { $0.workflowState = .halted })
        try journey.run(to: "03-02 20:00")
        #expect(
            journey.lines == [
                "03-02 11:00 fork took otherwise", "03-02 11:00 raised f",
                "03-02 11:00 a held workflow_halted",
            ])
        try journey.signal("job.booked")
        #expect(journey.lines.last == "03-02 20:00 exited gone")
    }

    @Test(arguments: [("03-03 11:00", "a sent sms"), ("03-03 11:01", "a skipped late")])
    func afterAHaltTheLateRuleApplies(_ moment: String, _ outcome: String) throws {
        var journey = try Journey(
            [delay(["for": ["hours": 1]]), message("a")], at: "03-02 10:00",
            facts: Facts.plain().with { $0.workflowState = .halted })
        try journey.run(to: moment)
        journey.facts.workflowState = .active
        journey.wake()
        #expect(journey.lines.dropFirst().first == "\(moment) \(outcome)")
    }

    // MARK: Channels

    @Test func aFullChannelLetsItWaitWithoutAWord() throws {
        var journey = try Journey(
            [message("a")], at: "03-02 10:00", facts: Facts.plain().with { $0.set("sms", .busy) })
        try journey.run(to: "03-02 10:01")
        #expect(journey.lines.isEmpty)
        #expect(journey.enrollment.lane == .channel("sms"))
        journey.facts.set("sms", .open)
        journey.wake()
        #expect(journey.lines == ["03-02 10:01 a sent sms", "03-02 10:01 finished"])
        #expect(journey.claims[0].attempt == 1)
    }

    @Test func aDeadChannelHoldsItOnce() throws {
        var journey = try Journey(
            [message("a")], at: "03-02 10:00", facts: Facts.plain().with { $0.set("sms", .down) })
        try journey.run(to: "03-02 10:01")
        journey.wake()
        #expect(journey.lines == ["03-02 10:00 a held channel_down"])
        journey.facts.set("sms", .open)
        journey.wake()
        #expect(journey.lines.dropFirst().first == "03-02 10:01 a sent sms")
    }

    @Test func anUnknownChannelSkips() throws {
        var journey = try Journey([message("a", "fax")], at: "03-02 10:00")
        try journey.run()
        #expect(
            journey.lines == ["03-02 10:00 a skipped channel_unknown fax", "03-02 10:00 finished"])
    }
}
