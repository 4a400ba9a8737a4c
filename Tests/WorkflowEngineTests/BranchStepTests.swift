import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// Branches, the signals they wait for, and exits.
struct BranchStepTests {
    private static let clicked: JSON = ["signal": "link.clicked"]

    private func waiting(_ when: JSON = clicked) throws -> Journey {
        try Journey(
            [
                message("ask"),
                branch(
                    "fork", "yes", when: when, [message("thanks")], otherwise: [message("again")],
                    within: ["days": 3]), flag("done"),
            ], at: "03-02 10:00")
    }

    @Test func aBranchThatWaitsTakesAPathAsSoonAsItsSignalComes() throws {
        var journey = try waiting()
        try journey.run(to: "03-04 12:00")
        try journey.signal("link.clicked")
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 ask sent sms", "03-04 12:00 fork took yes",
                "03-04 12:00 thanks sent sms",
                "03-04 12:00 raised done", "03-04 12:00 finished",
            ])
    }

    @Test func aBranchThatWaitedInVainGoesTheOtherWay() throws {
        var journey = try waiting()
        try journey.run()
        #expect(
            journey.lines.dropFirst() == [
                "03-05 10:00 fork took otherwise", "03-05 10:00 again sent sms",
                "03-05 10:00 raised done", "03-05 10:00 finished",
            ])
    }

    @Test func aSignalBeforeTheBranchCountsSinceEnrollment() throws {
        var journey = try Journey(
            [
                message("ask"), delay(["for": ["days": 1]]),
                branch(
                    "fork", "yes", when: BranchStepTests.clicked, [],
                    otherwise: [message("again")]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 15:00")
        try journey.signal("link.clicked")
        try journey.run()
        #expect(journey.lines.dropFirst() == ["03-03 10:00 fork took yes", "03-03 10:00 finished"])
    }

    @Test func aSignalFromBeforeEnrollmentDoesNotCount() throws {
        var journey = try waiting()
        try journey.run(to: "03-02 12:00")
        try journey.signal("link.clicked", at: "03-02 09:59")
        #expect(journey.lines.count == 1)
    }

    @Test func aSignalBehindTheTimeOutDoesNotCountHoweverLateTheServiceLooks() throws {
        for (moment, path) in [("03-05 09:00", "yes"), ("03-05 11:00", "otherwise")] {
            var journey = try waiting()
            try journey.run(to: "03-03 10:00")
            // The service is down over the time-out, and the signal was given meanwhile.
            try journey.sleep(to: "03-05 12:00")
            try journey.signal("link.clicked", at: moment)
            #expect(journey.lines.contains("03-05 12:00 fork took \(path)"))
        }
    }

    @Test func aSignalCanCountSinceAStep() throws {
        let when: JSON = ["signal": "sms.replied", "since": "confirm"]
        var journey = try Journey(
            [
                message("hello"), delay(["for": ["days": 1]]), message("confirm"),
                branch("fork", "yes", when: when, [], within: ["days": 1]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        try journey.signal("sms.replied")
        try journey.run(to: "03-03 12:00")
        #expect(journey.enrollment.status == .active)
        try journey.signal("sms.replied")
        #expect(journey.lines.suffix(2) == ["03-03 12:00 fork took yes", "03-03 12:00 finished"])
    }

    @Test func aSignalSinceAStepThatWasNeverReachedDoesNotCount() throws {
        let when: JSON = ["signal": "sms.replied", "since": "aside"]
        var journey = try Journey(
            [
                branch("first", "a", when: BranchStepTests.clicked, [message("aside")]),
                branch("second", "b", when: when, [], within: ["days": 1]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        try journey.signal("sms.replied")
        #expect(journey.lines == ["03-02 10:00 first took otherwise"])
    }

    @Test func aStepThatWasPlannedBeforeEnrollmentCountsSinceEnrollment() throws {
        let when: JSON = ["signal": "sms.replied", "since": "ask"]
        var journey = try Journey(
            [
                delay(["from": "record.at"]), message("ask"),
                branch("fork", "yes", when: when, [], within: ["days": 1]),
            ], at: "03-02 12:00", facts: .plain(record: ["at": "2026-03-02T10:00:00-05:00"]))
        try journey.run(to: "03-02 13:00")
        try journey.signal("sms.replied", at: "03-02 11:00")
        #expect(journey.lines == ["03-02 12:00 ask sent sms"])
        try journey.signal("sms.replied", at: "03-02 12:30")
        #expect(journey.lines.last == "03-02 13:00 finished")
    }

    @Test func aFilterChoosesAmongSignals() throws {
        var journey = try waiting([
            "signal": "link.clicked", "where": ["page": "offer", "n": ["greater_than": 1]],
        ])
        try journey.run(to: "03-03 10:00")
        try journey.signal("link.clicked", ["page": "offer", "n": 1])
        try journey.signal("link.clicked", ["page": "home", "n": 2])
        #expect(journey.lines.count == 1)
        try journey.signal("link.clicked", ["page": "offer", "n": 2])
        #expect(journey.lines.dropFirst().first == "03-03 10:00 fork took yes")
    }

    @Test func fieldsAreReadAtThatMoment() throws {
        var journey = try waiting(["field": "record.balance", "less_than": 1])
        journey.facts.record = ["balance": 20]
        try journey.run(to: "03-03 10:00")
        journey.facts.record = ["balance": 0]
        journey.wake()
        #expect(journey.lines.dropFirst().first == "03-03 10:00 fork took yes")
    }

    @Test func theFirstPathThatHoldsIsTaken() throws {
        let paths: JSON = [
            ["name": "a", "when": ["field": "contact.vip", "exists": true], "steps": []],
            [
                "name": "b", "when": ["not": ["field": "contact.email", "contains": "@test"]],
                "steps": [],
            ],
            ["name": "c", "when": ["field": "contact.first_name", "equals": "Ann"], "steps": []],
        ]
        var journey = try Journey(
            [["kind": "branch", "id": "fork", "paths": paths]], at: "03-02 10:00")
        try journey.run()
        #expect(journey.lines.first == "03-02 10:00 fork took b")
    }

    @Test(arguments: [
        (SendOutcome.sent, "message.sent", "yes"), (.accepted, "message.sent", "yes"),
        (.delivered, "message.delivered", "yes"), (.permanent, "message.failed", "yes"),
        (.sent, "message.failed", "otherwise"), (.permanent, "message.sent", "otherwise"),
    ])
    func theFateOfTheWorkflowsOwnMessagesIsASignal(
        _ outcome: SendOutcome, _ signal: String, _ path: String
    ) throws {
        let when: JSON = ["signal": .string(signal), "where": ["step": "ask", "channel": "sms"]]
        var journey = try Journey(
            [message("ask"), branch("fork", "yes", when: when, [])], at: "03-02 10:00")
        journey.answer = { _ in outcome }
        try journey.run()
        #expect(journey.lines.contains("03-02 10:00 fork took \(path)"))
    }

    @Test func aFailureThatIsTriedAgainIsNoSignal() throws {
        let failed: JSON = ["signal": "message.failed"]
        var journey = try Journey(
            [message("ask"), branch("fork", "yes", when: failed, [])], at: "03-02 10:00")
        journey.answer = { $0.attempt == 1 ? .transient : .sent }
        try journey.run()
        #expect(
            journey.lines.suffix(2) == ["03-02 10:00 fork took otherwise", "03-02 10:00 finished"])
    }

    @Test func aDeliveryThatIsReportedLaterMovesABranchThatWaitsForIt() throws {
        var journey = try waiting(["signal": "message.delivered", "where": ["step": "ask"]])
        try journey.run(to: "03-02 10:05")
        journey.settle(0, .delivered)
        #expect(
            journey.lines.dropFirst().prefix(2) == [
                "03-02 10:05 ask delivered sms", "03-02 10:05 fork took yes",
            ])
    }
}
