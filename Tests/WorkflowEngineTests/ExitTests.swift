import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// What ends an enrollment early, and what a contact opted out of.
struct ExitTests {
    private static let paid = exit("paid", when: ["signal": "invoice.paid"])
    private static let steps = [
        message("a"), delay(["for": ["days": 30]]), message("b", fallback: "email"),
    ]

    private func started(_ exits: [JSON] = [paid]) throws -> Journey {
        var journey = try Journey(ExitTests.steps, exits: exits, at: "03-02 10:00")
        try journey.run(to: "03-10 10:00")
        return journey
    }

    @Test func anExitFiresInTheMiddleOfADelay() throws {
        var journey = try started()
        try journey.signal("invoice.paid")
        try journey.run()
        #expect(journey.lines == ["03-02 10:00 a sent sms", "03-10 10:00 exited paid"])
    }

    @Test func anExitFiresOnAField() throws {
        var journey = try started([exit("settled", when: ["field": "record.balance", "equals": 0])])
        #expect(journey.enrollment.status == .active)
        journey.facts.record = ["balance": 0.0]
        journey.wake()
        #expect(journey.lines.last == "03-10 10:00 exited settled")
    }

    @Test func anExitIsCheckedAgainBeforeASend() throws {
        var journey = try started([exit("settled", when: ["field": "record.balance", "equals": 0])])
        journey.facts.record = ["balance": 0]
        try journey.run()
        #expect(journey.lines.dropFirst() == ["04-01 10:00 exited settled"])
        #expect(journey.claims.count == 1)
    }

    @Test func theFirstExitThatHoldsIsNamed() throws {
        var journey = try started([
            exit("never", when: ["field": "record.x", "exists": true]), ExitTests.paid,
            exit("also", when: ["signal": "invoice.paid"]),
        ])
        try journey.signal("invoice.paid")
        #expect(journey.enrollment.exit == "paid")
    }

    @Test func aMessageThatIsWithItsChannelIsReportedHonestly() throws {
        var journey = try Journey(ExitTests.steps, exits: [ExitTests.paid], at: "03-02 10:00")
        journey.answer = { _ in nil }
        try journey.run(to: "03-02 10:01")
        try journey.signal("invoice.paid")
        journey.settle(0, .sent)
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a sending sms 1", "03-02 10:01 exited paid in flight",
                "03-02 10:01 a sent sms",
            ])
    }

    @Test(arguments: [SendOutcome.transient, .permanent, .config, .suppressed, .lost])
    func nothingFollowsTheEndWhateverTheAnswer(_ outcome: SendOutcome) throws {
        var journey = try Journey(ExitTests.steps, at: "03-02 10:00")
        journey.answer = { _ in nil }
        try journey.run(to: "03-02 10:01")
        journey.unenroll()
        journey.settle(0, outcome)
        journey.repeatDoubtful()
        try journey.run()
        #expect(journey.claims.count == 1)
        #expect(journey.lines[1] == "03-02 10:01 unenrolled in flight")
    }

    @Test func exitStepsEndIt() throws {
        var journey = try Journey(
            [["kind": "exit", "reason": "enough"], message("a")], at: "03-02 10:00")
        try journey.run()
        #expect(journey.lines == ["03-02 10:00 exited enough"])
        journey = try Journey([["kind": "exit"]], at: "03-02 10:00")
        try journey.run()
        #expect(journey.lines == ["03-02 10:00 exited exit_step"])
    }

    // MARK: Opting out

    @Test func optingOutOfAllEndsIt() throws {
        var journey = try started()
        journey.facts.suppression.all = true
        journey.wake()
        #expect(journey.lines.last == "03-10 10:00 exited unsubscribed")
    }

    @Test func optingOutOfOneChannelTakesTheFallback() throws {
        var journey = try started()
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        try journey.run()
        #expect(journey.lines.dropFirst() == ["04-01 10:00 b sent email", "04-01 10:00 finished"])
    }

    @Test func optingOutOfOneChannelSkipsWhatHasNoFallback() throws {
        var journey = try Journey(
            [message("a", "sms"), message("b", "email")], at: "03-02 10:00",
            facts: Facts.plain().with { $0.suppression.channels = ["sms"] })
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a skipped suppressed sms", "03-02 10:00 b sent email",
                "03-02 10:00 finished",
            ])
    }

    @Test func optingOutOfTheLastChannelThatCouldStillBeUsedEndsIt() throws {
        var journey = try Journey(
            [
                message("a", "email"), delay(["for": ["days": 1]]), message("b"),
                delay(["for": ["days": 1]]), message("c"),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 12:00")
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        #expect(journey.lines.last == "03-02 12:00 exited unsubscribed")
    }

    /// What a path leaves to be used is looked at when it is taken.
    @Test(arguments: [
        ("yes", ["fork took yes", "exited unsubscribed"]),
        ("no", ["fork took otherwise", "c sent email", "finished"]),
    ])
    func aPathThatLeavesOnlyWhatTheContactOptedOutOfEndsIt(_ path: String, _ words: [String])
        throws
    {
        var journey = try Journey(
            [
                message("a"),
                branch(
                    "fork", "yes", when: ["signal": "a.b"], [message("b")],
                    otherwise: [message("c", "email")], within: ["hours": 3]),
            ], at: "03-02 10:00")
        try journey.run(to: "03-02 11:00")
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        #expect(journey.enrollment.status == .active)
        if path == "yes" { try journey.signal("a.b") }
        try journey.run()
        let time = path == "yes" ? "11:00" : "13:00"
        #expect(journey.lines.dropFirst() == words.map { "03-02 \(time) \($0)" }[...])
    }

    /// The last text lies in a path, and STOP comes behind it.
    @Test func theLastTextOfAPathEndsItAsTheLastTextOfAWorkflowDoes() throws {
        let text = delay(["for": ["days": 1]])
        let straight = [
            message("a"), text, message("b", "email"), delay(["for": ["days": 1]]), message("c"),
        ]
        let forked = [
            message("a"), text, message("b", "email"),
            branch(
                "fork", "paid", when: ["field": "record.balance", "equals": 0], [],
                otherwise: [delay(["for": ["days": 1]]), message("c")]),
        ]
        for steps in [straight, forked] {
            var journey = try Journey(
                steps, at: "03-02 10:00", facts: .plain(record: ["balance": 3]))
            try journey.run(to: "03-02 11:00")
            journey.facts.suppression.channels = ["sms"]
            journey.wake()
            try journey.run()
            #expect(journey.lines.last == "03-03 10:00 exited unsubscribed")
            #expect(!journey.lines.contains { $0.contains("skipped") })
        }
    }

    @Test func behindASkippedMessageNothingIsLeftEither() throws {
        var journey = try Journey(
            [message("a"), delay(["for": ["days": 1]]), message("b", "email"), message("c")],
            at: "03-02 10:00", facts: Facts.plain().with { $0.contact["email"] = nil })
        try journey.run(to: "03-02 11:00")
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        try journey.run()
        #expect(
            journey.lines.dropFirst() == [
                "03-03 10:00 b skipped missing_address contact.email",
                "03-03 10:00 exited unsubscribed",
            ])
    }

    @Test(
        arguments: [
            (["sms", "email"], ["03-02 12:00 exited unsubscribed"]),
            (["sms"], ["03-03 10:00 raised collections", "03-03 10:00 finished"]),
        ] as [(Set<String>, [String])])
    func behindTheLastMessageAllChannelsOfTheWorkflowCount(
        _ channels: Set<String>, _ lines: [String]
    ) throws {
        var journey = try Journey(
            [
                message("a"), message("b", "email"), delay(["for": ["days": 1]]),
                flag("collections"),
            ],
            at: "03-02 10:00")
        try journey.run(to: "03-02 12:00")
        journey.facts.suppression.channels = channels
        journey.wake()
        try journey.run()
        #expect(journey.lines.dropFirst(2) == lines[...])
    }

    @Test func aReminderToStaffKeepsNobodyInside() throws {
        var journey = try Journey(
            [delay(["for": ["days": 1]]), message("a"), message("call", "call_reminder")],
            at: "03-02 10:00")
        try journey.run(to: "03-02 12:00")
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        #expect(journey.lines == ["03-02 12:00 exited unsubscribed"])
    }

    @Test func behindItsLastMessageAnotherChannelThanTheOnlyOneLeftEndsNothing() throws {
        var journey = try Journey(
            [message("a"), message("b", "email"), delay(["for": ["days": 1]]), flag("done")],
            at: "03-02 10:00")
        try journey.run(to: "03-02 12:00")
        journey.facts.suppression.channels = ["sms"]
        journey.wake()
        try journey.run()
        #expect(journey.lines.suffix(2) == ["03-03 10:00 raised done", "03-03 10:00 finished"])
    }

    @Test func aChannelThatSaysSoOptsTheContactOut() throws {
        var journey = try Journey(
            [message("a", fallback: "email"), delay(["for": ["days": 1]]), message("b")],
            at: "03-02 10:00")
        journey.answer = { $0.channel == "sms" ? .suppressed : .sent }
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a sending sms 1", "03-02 10:00 a failed suppressed sms",
                "03-02 10:00 opted out of sms", "03-02 10:00 a sent email",
                "03-02 10:00 exited unsubscribed",
            ])
    }

    @Test func aChannelMaySayItLater() throws {
        var journey = try started()
        journey.settle(0, .suppressed)
        #expect(journey.facts.suppression.channels == ["sms"])
        #expect(journey.lines.last == "03-10 10:00 opted out of sms")
        try journey.run()
        #expect(journey.claims.map(\.channel) == ["sms", "email"])
    }
}
