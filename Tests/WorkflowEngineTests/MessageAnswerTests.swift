import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// What a channel may answer, and what follows.
struct MessageAnswerTests {
    @Test func aMessageCarriesItsTextsAndAddress() throws {
        let step = message(
            "a", "email",
            text: "Hi {{ contact.first_name }}, {{ contact.nick | default: 'friend' }}")
        var journey = try Journey(
            [step], at: "03-02 10:00",
            facts: Facts.plain().with { $0.settings.senders["email"] = "office@example.com" })
        try journey.run()
        let intent = try #require(journey.claims.first)
        #expect(intent.to == "ann@example.com" && intent.from == "office@example.com")
        #expect(intent.content.map(\.name) == ["subject", "text"])
        #expect(intent.content.last?.text == "Hi Ann, friend")
        #expect(intent.defaultsUsed == ["contact.nick"])
        #expect(intent.notAfter == intent.planned + .hours(24))
        #expect(intent.message == MessageAddress(enrollment: 7, node: 0, variant: 0))
    }

    @Test func htmlEscapesValues() throws {
        let step: JSON = [
            "id": "a", "kind": "message", "channel": "email",
            "content": [
                "subject": "{{ contact.first_name }}", "text": "x",
                "html": "<p>{{ contact.first_name }}</p>",
            ],
        ]
        var journey = try Journey(
            [step], at: "03-02 10:00",
            facts: Facts.plain().with { $0.contact["first_name"] = "A&B" })
        try journey.run()
        #expect(journey.claims[0].content.map(\.text) == ["<p>A&amp;B</p>", "A&B", "x"])
    }

    @Test func aMissingFieldSkips() throws {
        var journey = try Journey(
            [message("a", fallback: "email", text: "{{ record.total }}")], at: "03-02 10:00")
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a skipped missing_field record.total", "03-02 10:00 finished",
            ])
    }

    @Test func aMissingAddressTakesTheFallbackOrSkips() throws {
        let facts = Facts.plain().with { $0.contact["phone"] = nil }
        var journey = try Journey(
            [message("a", fallback: "email"), message("b")], at: "03-02 10:00", facts: facts)
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a sent email", "03-02 10:00 b skipped missing_address contact.phone",
                "03-02 10:00 finished",
            ])
        #expect(journey.claims[0].message.variant == 1)
    }

    @Test func temporaryFailuresAreTriedAgainWithGrowingPauses() throws {
        var journey = try Journey([message("a")], at: "03-02 10:00")
        journey.answer = { $0.attempt < 4 ? .transient : .sent }
        try journey.run()
        #expect(
            journey.lines.filter { $0.hasSuffix("sms 1") || $0.contains("for now") } == [
                "03-02 10:00 a sending sms 1", "03-02 10:00 a failed transient for now sms",
                "03-02 10:00 a failed transient for now sms",
                "03-02 10:01 a failed transient for now sms",
            ])
        #expect(journey.lines.suffix(2) == ["03-02 10:03 a sent sms", "03-02 10:03 finished"])
        #expect(Set(journey.claims.map(\.message)).count == 1)
        #expect(journey.claims.map(\.attempt) == [1, 2, 3, 4])
    }

    @Test func aChannelMayAskForALongerPause() throws {
        var journey = try Journey([message("a")], at: "03-02 10:00")
        journey.answer = {
            $0.attempt > 1
                ? .sent : .failed(SendFailure(.transient, reason: "busy", retryAfter: .minutes(20)))
        }
        try journey.run()
        #expect(journey.lines.last == "03-02 10:20 finished")
    }

    @Test func attemptsEndWithTheLatenessThatIsAllowed() throws {
        var journey = try Journey(
            [message("a", "sms", ["max_lateness": ["minutes": 3]])], at: "03-02 10:00")
        journey.answer = { _ in .transient }
        try journey.run()
        // Attempts at 0, 30 s and 90 s; another at 210 s would be too late.
        #expect(journey.claims.count == 3)
        #expect(
            journey.lines.suffix(2) == [
                "03-02 10:01 a failed transient sms", "03-02 10:01 finished",
            ])
    }

    @Test func pausesDoubleUpToAnHour() {
        let pauses = (1...10).map { RetryPolicy.pause(behind: $0, asked: nil).milliseconds / 1_000 }
        #expect(pauses == [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
        #expect(RetryPolicy.pause(behind: 1, asked: .hours(2)) == .hours(2))
        #expect(RetryPolicy.pause(behind: 1, asked: .seconds(1)) == .seconds(30))
    }

    @Test func aMessageThatWentAfterAllIsNotTriedAgain() throws {
        var journey = try Journey([message("a"), flag("f")], at: "03-02 10:00")
        journey.answer = { _ in .transient }
        journey.enroll()
        journey.settle(0, .delivered)
        #expect(journey.lines.suffix(2) == ["03-02 10:00 raised f", "03-02 10:00 finished"])
    }

    @Test func aPermanentFailureTakesTheFallback() throws {
        var journey = try Journey([message("a", fallback: "email")], at: "03-02 10:00")
        journey.answer = { $0.channel == "sms" ? .permanent : .sent }
        try journey.run()
        #expect(
            journey.lines == [
                "03-02 10:00 a sending sms 1", "03-02 10:00 a failed permanent sms",
                "03-02 10:00 a sent email", "03-02 10:00 finished",
            ])
        #expect(journey.claims.map(\.attempt) == [1, 1])
    }

    @Test(arguments: [("continue", "finished"), ("exit", "exited message_failed")])
    func behindTheLastFailureTheStepSaysWhatFollows(_ policy: String, _ end: String) throws {
        var journey = try Journey(
            [message("a", "sms", fallback: "email", ["on_failure": .string(policy)])],
            at: "03-02 10:00")
        journey.answer = { _ in .permanent }
        try journey.run()
        #expect(journey.lines.last == "03-02 10:00 \(end)")
        #expect(journey.claims.map(\.channel) == ["sms", "email"])
    }

    /// An address in which nothing can be seen is none.
    @Test(arguments: [nil, "", " ", "\u{200B}", "\u{3164}\u{A0}"])
    func aFallbackThatCannotGoEitherIsAFailure(_ address: String?) throws {
        var journey = try Journey(
            [message("a", "sms", fallback: "email", ["on_failure": "exit"]), message("b")],
            at: "03-02 10:00",
            facts: Facts.plain().with { $0.contact["email"] = address.map(JSON.string) })
        journey.answer = { _ in .permanent }
        try journey.run()
        #expect(
            journey.lines.suffix(2) == [
                "03-02 10:00 a skipped missing_address contact.email",
                "03-02 10:00 exited message_failed",
            ])
    }

    @Test func aChannelThatIsSetUpWronglyBurnsNoAttempt() throws {
        var journey = try Journey([message("a")], at: "03-02 10:00")
        journey.answer = { _ in .config }
        try journey.run(to: "03-02 10:05")
        #expect(
            journey.lines == [
                "03-02 10:00 a sending sms 1", "03-02 10:00 a failed config for now sms",
                "03-02 10:00 a held channel_down",
            ])
        journey.answer = { _ in .sent }
        journey.wake()
        #expect(journey.lines.suffix(2) == ["03-02 10:05 a sent sms", "03-02 10:05 finished"])
        #expect(journey.claims.map(\.attempt) == [1, 1])
    }

    // MARK: In doubt

    private func lost(_ facts: Facts = .plain()) throws -> Journey {
        var journey = try Journey([message("a"), flag("f")], at: "03-02 10:00", facts: facts)
        journey.answer = { _ in .lost }
        try journey.run(to: "03-02 10:05")
        journey.answer = { _ in .sent }
        return journey
    }

    @Test func aMessageInDoubtWaitsForAWord() throws {
        var journey = try lost()
        #expect(journey.lines == ["03-02 10:00 a sending sms 1", "03-02 10:00 a unknown sms"])
        #expect(journey.enrollment.phase == .unknown && journey.enrollment.due == nil)
        journey.wake()
        #expect(journey.claims.count == 1)
        journey.settle(0, .sent)
        #expect(
            journey.lines.dropFirst(2) == [
                "03-02 10:05 a sent sms", "03-02 10:05 raised f", "03-02 10:05 finished",
            ])
    }

    @Test func aPersonMaySayThatItDidNotGo() throws {
        var journey = try lost()
        journey.resolve(0, .permanent)
        #expect(journey.lines.last == "03-02 10:05 finished")
        #expect(journey.claims.count == 1)
    }

    @Test func aMessageInDoubtIsSentAgainWithItsKey() throws {
        var journey = try lost()
        journey.repeatDoubtful()
        #expect(journey.claims.map(\.message.variant) == [0, 0])
        #expect(journey.claims.map(\.attempt) == [1, 2])
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, true])
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    @Test func aMessageInDoubtThatMayNotGoAnyMoreStaysInDoubt() throws {
        var journey = try lost()
        journey.facts.suppression.channels = ["sms"]
        try journey.sleep(to: "03-04 10:00")
        journey.facts.suppression = Suppression()
        journey.repeatDoubtful()
        #expect(journey.enrollment.phase == .unknown && journey.claims.count == 1)
        #expect(!journey.lines.contains { $0.contains("skipped") })
        #expect(journey.lines.last?.contains("unknown sms") == true)
    }

    @Test func theFallbackOfAMessageInDoubtIsNotSent() throws {
        var journey = try Journey([message("a", fallback: "email")], at: "03-02 10:00")
        journey.answer = { _ in .lost }
        journey.enroll()
        journey.facts.suppression.channels = ["sms"]
        journey.repeatDoubtful()
        #expect(journey.enrollment.phase == .unknown && journey.claims.count == 1)
    }

    @Test func aMessageInDoubtWaitsForQuietHoursAndItsChannelToo() throws {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.repeatDoubtful()
        #expect(journey.enrollment.phase == .held && journey.enrollment.hold == .inDoubt)
        // A late answer of the first attempt is still welcome.
        journey.settle(0, .sent)
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    @Test func aMessageInDoubtWhoseEnrollmentEndsRemainsUnknown() throws {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.repeatDoubtful()
        journey.unenroll()
        #expect(
            journey.lines.suffix(2).map { $0.dropFirst(12) } == [
                "a unknown sms", "unenrolled in flight",
            ])
    }

    @Test func anAttemptThatNeverGotThroughEndsNoDoubt() throws {
        var journey = try lost()
        journey.answer = { _ in nil }
        journey.repeatDoubtful()
        journey.settle(1, .config)
        #expect(journey.enrollment.phase == .held && journey.enrollment.hold == .inDoubt)
        try journey.sleep(to: "03-04 10:00")
        journey.wake()
        #expect(journey.enrollment.phase == .unknown)
        #expect(!journey.lines.contains { $0.contains("skipped") })
    }

    @Test func anAttemptThatNeverGotThroughLeavesAnEndedEnrollmentsMessageUnknown() throws {
        var journey = try lost()
        journey.answer = { _ in nil }
        journey.repeatDoubtful()
        journey.unenroll()
        journey.settle(1, .config)
        #expect(journey.lines.last == "03-02 10:05 a unknown sms")
    }

    @Test func whatTheChannelNeverSawIsNotInDoubt() throws {
        var journey = try lost()
        let message = try #require(journey.claims.first?.message)
        journey.repeatUnseen(message)
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, false])
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    @Test func aDefiniteFailureEndsTheDoubt() throws {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.repeatDoubtful()
        journey.settle(0, .transient)
        #expect(journey.enrollment.hold == .retry)
        journey.facts.set("sms", .open)
        try journey.run()
        #expect(journey.claims.last?.repeatsDoubtful == false)
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    // MARK: What a person says

    @Test func aPersonMayHaveItSentAgain() throws {
        var journey = try lost()
        journey.resend()
        #expect(journey.claims.map(\.attempt) == [1, 2])
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, true])
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    /// A message that a person has ordered again, and that waits for its channel.
    private func ordered() throws -> Journey {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.resend()
        #expect(journey.enrollment.hold == .resend)
        return journey
    }

    @Test func aPersonMayTakeTheWordBackBeforeItGoes() throws {
        var journey = try ordered()
        journey.resolve(0, .permanent)
        #expect(
            journey.lines.suffix(3) == [
                "03-02 10:05 a failed permanent sms", "03-02 10:05 raised f",
                "03-02 10:05 finished",
            ])
        journey.facts.set("sms", .open)
        journey.wake()
        #expect(journey.claims.count == 1)
    }

    @Test(arguments: [SendOutcome.permanent, .transient, .config, .lost])
    func whatIsSaidOfTheAttemptThatWasRuledOutLeavesTheWord(_ outcome: SendOutcome) throws {
        var journey = try ordered()
        let told = journey.lines.count
        journey.settle(0, outcome)
        #expect(journey.enrollment.hold == .resend && journey.lines.count == told)
        journey.facts.set("sms", .open)
        journey.wake()
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, true])
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    @Test func whatIsToGoAgainIsSkippedWhereItIsTooLate() throws {
        var journey = try lost()
        try journey.sleep(to: "03-04 10:00")
        journey.resend()
        #expect(journey.claims.count == 1)
        #expect(
            journey.lines.suffix(4) == [
                "03-04 10:00 a failed transient for now sms", "03-04 10:00 a skipped late",
                "03-04 10:00 raised f", "03-04 10:00 finished",
            ])
    }

    @Test func whatIsToGoAgainIsSkippedWhereItBecomesTooLateInLine() throws {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.resend()
        #expect(journey.enrollment.hold == .resend)
        try journey.sleep(to: "03-04 10:00")
        journey.wake()
        #expect(journey.lines.last == "03-04 10:00 finished")
        #expect(journey.lines.contains("03-04 10:00 a skipped late"))
    }

    @Test func theFallbackGoesWhereTheChannelMayNotBeUsedAnyMore() throws {
        var journey = try Journey([message("a", fallback: "email")], at: "03-02 10:00")
        journey.answer = { $0.channel == "sms" ? .lost : .sent }
        journey.enroll()
        journey.facts.suppression.channels = ["sms"]
        journey.resend()
        #expect(journey.claims.map(\.channel) == ["sms", "email"])
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, false])
        #expect(journey.lines.last == "03-02 10:00 finished")
    }

    @Test func aPersonsWordStandsWhereTheChannelIsAtFault() throws {
        var journey = try lost()
        journey.answer = { _ in nil }
        journey.resend()
        for _ in 1...3 {
            journey.settle(1, .config)
            #expect(journey.enrollment.phase == .held && journey.enrollment.hold == .resend)
            journey.wake()
        }
        #expect(journey.claims.map(\.attempt) == [1, 2, 2, 2, 2])
        #expect(journey.claims.map(\.repeatsDoubtful) == [false, true, true, true, true])
        journey.settle(1, .sent)
        #expect(journey.lines.last == "03-02 10:05 finished")
    }

    @Test func whatAPersonOrderedAndAnEndedEnrollmentLeavesDidNotGo() throws {
        var journey = try lost()
        journey.answer = { _ in nil }
        journey.resend()
        journey.unenroll()
        journey.settle(1, .config)
        #expect(journey.lines.last?.hasSuffix("a failed config sms") == true)
    }

    @Test func aLateAnswerIsWelcomeWhileItWaitsToGoAgain() throws {
        var journey = try lost()
        journey.facts.set("sms", .down)
        journey.resend()
        journey.settle(0, .delivered)
        #expect(journey.claims.count == 1)
        #expect(journey.lines.last == "03-02 10:05 finished")
    }
}
