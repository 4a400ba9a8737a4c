import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// Why a contact is not enrolled at all.
struct EnrollmentCheckTests {
    private func refusal(
        _ steps: [JSON], exits: [JSON] = [], at moment: String = "03-10 12:00", facts: Facts
    ) throws -> EnrollmentCheck.Refusal? {
        let journey = try Journey(steps, exits: exits, at: moment, facts: facts)
        var check = EnrollmentCheck(
            timeline: journey.timeline, enrollment: journey.enrollment, facts: facts,
            now: journey.now)
        return check.refusal()
    }

    /// As many branches as a workflow may have, and at the end what is too late.
    @Test(arguments: [(499, nil), (12, .nothingToSend)] as [(Int, EnrollmentCheck.Refusal?)])
    func branchesInARowTakeNoStack(_ count: Int, _ expected: EnrollmentCheck.Refusal?) async throws
    {
        let row = (0..<count).map { branch("b\($0)", "p", when: ["signal": "a.b"], []) }
        let late = message("a", ["not_after": "record.starts_at"])
        let refusal = try await onSmallStack {
            try EnrollmentCheckTests().refusal(
                row + [late], facts: EnrollmentCheckTests.visit("03-01T08:00"))
        }
        #expect(refusal == expected)
    }

    private static let reminders = [
        delay(["for": ["days": -30], "from": "record.starts_at"]), message("notice", "email"),
        delay(["for": ["days": -2], "from": "record.starts_at"]), message("soon"),
        delay(["for": ["hours": -3], "from": "record.starts_at"]),
        message("alert", "sms", ["max_lateness": ["hours": 2]]),
    ]

    private static func visit(_ starts: String) -> Facts {
        .plain(record: ["starts_at": .string("2026-\(starts):00-04:00")])
    }

    @Test(arguments: [
        ("03-30T12:00", false), ("03-11T08:00", false),
        // The alert was due at 10:00 and at 09:59, and may be two hours late.
        ("03-10T13:00", false), ("03-10T12:59", true), ("02-10T12:00", true),
    ])
    func aWorkflowWhoseMessagesAreAllTooLateHasNothingToSend(_ starts: String, _ refused: Bool)
        throws
    {
        let refusal = try refusal(
            EnrollmentCheckTests.reminders, facts: EnrollmentCheckTests.visit(starts))
        #expect(refusal == (refused ? .nothingToSend : nil))
    }

    /// The message was due at 21:00 and may be two hours late.
    ///
    /// Texts are held until 09:00, mails are not.
    @Test(
        arguments: [
            (["phone": "+12125550100", "email": "ann@example.com"], [], nil),
            (["email": "ann@example.com"], [], .nothingToSend),
            (["phone": "", "email": "ann@example.com"], [], .nothingToSend),
            (["phone": "+12125550100", "email": "ann@example.com"], ["sms"], .nothingToSend),
            (["phone": "+12125550100"], [], nil), ([:], [], nil),
        ] as [(JSONObject, Set<String>, EnrollmentCheck.Refusal?)])
    func theQuietHoursOfTheVariantThatGoesCount(
        _ contact: JSONObject, _ optedOut: Set<String>, _ expected: EnrollmentCheck.Refusal?
    ) throws {
        var facts = Facts.quiet(record: ["starts_at": "2026-03-11T21:00:00-04:00"])
        facts.settings.quietHoursByChannel["email"] = .some(nil)
        facts.contact = contact
        facts.suppression.channels = optedOut
        let steps = [
            delay(["for": ["days": -2], "from": "record.starts_at"]),
            message("soon", fallback: "email", ["max_lateness": ["hours": 2]]),
        ]
        #expect(try refusal(steps, at: "03-10 08:00", facts: facts) == expected)
        // What is let in is not late at once.
        var journey = try Journey(steps, at: "03-10 08:00", facts: facts)
        try journey.run()
        let isLate = journey.lines.contains { $0.hasSuffix("soon skipped late") }
        #expect(isLate == (expected == .nothingToSend))
    }

    @Test func aFlagIsSomethingToDo() throws {
        let steps = EnrollmentCheckTests.reminders + [flag("done")]
        #expect(try refusal(steps, facts: EnrollmentCheckTests.visit("02-10T12:00")) == nil)
    }

    @Test func stepsBehindAnExitStepAreNotReached() throws {
        let steps = EnrollmentCheckTests.reminders + [["kind": "exit"], flag("done")]
        #expect(
            try refusal(steps, facts: EnrollmentCheckTests.visit("02-10T12:00")) == .nothingToSend)
    }

    @Test func aBranchThatMayStillDecideIsSomethingToDo() throws {
        let steps = [
            delay(["for": ["days": -10], "from": "record.starts_at"]),
            branch(
                "fork", "yes", when: ["signal": "a.b"], [message("a")], otherwise: [message("b")],
                within: ["days": 5]),
        ]
        // Reached on the 2nd, decided on the 7th.
        #expect(
            try refusal(steps, at: "03-06 12:00", facts: EnrollmentCheckTests.visit("03-12T12:00"))
                == nil)
        // The other way was planned on the 7th at 12:00; clocks go forward in the night behind it.
        #expect(
            try refusal(steps, at: "03-08 13:00", facts: EnrollmentCheckTests.visit("03-12T12:00"))
                == nil)
        #expect(
            try refusal(steps, at: "03-08 13:01", facts: EnrollmentCheckTests.visit("03-12T12:00"))
                == .nothingToSend)
    }

    @Test func aDelayNeedsItsDate() throws {
        let facts = Facts.plain(record: ["starts_at": "soon"])
        #expect(
            try refusal(EnrollmentCheckTests.reminders, facts: facts)
                == .missingAnchor(field: "record.starts_at"))
        #expect(
            try refusal(EnrollmentCheckTests.reminders, facts: .plain())
                == .missingAnchor(field: "record.starts_at"))
    }

    @Test func anExitThatHoldsAlreadyIsNamed() throws {
        let exits = [
            exit("booked", when: ["signal": "job.booked"]),
            exit("paid", when: ["field": "record.balance", "equals": 0]),
        ]
        let refused = try refusal(
            [message("a")], exits: exits, facts: .plain(record: ["balance": 0]))
        #expect(refused == .exitHolds(name: "paid"))
        #expect(
            try refusal([message("a")], exits: exits, facts: .plain(record: ["balance": 1])) == nil)
    }

    @Test func aContactThatOptedOutIsRefused() throws {
        let all = Facts.plain().with { $0.suppression.all = true }
        let some = Facts.plain().with { $0.suppression.channels = ["sms"] }
        #expect(try refusal([message("a", "email")], facts: all) == .suppressed)
        #expect(try refusal([message("a")], facts: some) == .suppressed)
        #expect(try refusal([message("a", fallback: "email")], facts: some) == nil)
        #expect(try refusal([message("a"), message("b", "email")], facts: some) == nil)
    }

    @Test func aWorkflowWithoutMessagesIsNeverInVain() throws {
        #expect(try refusal([delay(["for": ["days": 1]])], facts: .plain()) == nil)
    }
}
