import GRDB
import JSONLines
import Testing
import WorkflowModel
import WorkflowProtocol
import WorkflowService

/// Messages in doubt, channels that fail, reports that repeat.
struct DeliveryTests {
    private let steps: JSON = [
        [
            "id": "hello", "kind": "message", "channel": "sms",
            "content": ["text": "Hi {{ contact.first_name }}"],
        ],
        ["id": "wait", "kind": "delay", "for": ["days": 1]],
        [
            "id": "mail", "kind": "message", "channel": "email",
            "content": ["subject": "s", "text": "t"],
        ],
    ]

    private func harness() throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try harness.setUp(steps)
        return harness
    }

    /// A service that stopped behind the commit of a message, over a channel that can be asked and never saw it.
    private func harnessWithALostMessage() throws -> ServiceHarness {
        let harness = try harness()
        harness.channels.change("sms") { $0.answersQueries = true }
        harness.channels.losesSends = true
        try harness.enroll("ann")
        harness.channels.losesSends = false
        try harness.crash()
        return harness
    }

    @Test func whatWasLostBehindTheCommitGoesAgainWithTheSameKey() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.losesSends = true
        try harness.enroll("ann")
        #expect(harness.channels.received.isEmpty)
        harness.channels.losesSends = false
        try harness.crash()
        try harness.call("contact.put", ["id": "ann", "fields": ["first_name": "Changed"]])
        harness.settle()
        #expect(harness.channels.received.map { $0.request["content"]?["text"] } == ["Hi ann"])
        #expect(harness.story("ann").contains("message.sent hello"))
    }

    @Test func whatTheTurnItselfClaimedIsInNoDoubt() throws {
        let harness = try ServiceHarness()
        try harness.setUp([
            ["id": "one", "kind": "message", "channel": "sms", "content": ["text": "1"]],
            ["id": "two", "kind": "message", "channel": "sms", "content": ["text": "2"]],
        ])
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.isSilent = false
        harness.channels.reports = [
            .answer(channel: "sms", key: key, .sent), .ready(channel: "sms"),
        ]
        harness.settle()
        #expect(harness.channels.received.map { $0.request["content"]?["text"] } == ["1", "2"])
        #expect(!harness.story("ann").contains { $0.hasPrefix("message.unknown") })
        #expect(harness.story("ann").last == "enrollment.finished")
    }

    @Test func aChannelThatCanBeAskedIsAsked() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.answersQueries = true }
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.isSilent = false
        harness.channels.known[key] = .sent
        try harness.crash()
        harness.settle()
        #expect(harness.channels.queried == [key])
        #expect(harness.channels.received.count == 1)
        #expect(harness.story("ann").filter { $0 == "message.sent hello" }.count == 1)
    }

    @Test func whatAChannelKnewBeforeAnAttemptSaysNothingOfThatAttempt() throws {
        let harness = try harnessWithALostMessage()
        harness.turn()
        let key = try #require(harness.channels.queried.first)
        harness.channels.isSilent = true
        harness.turn()
        harness.channels.reports = [.queryAnswer(channel: "sms", key: key, nil)]
        harness.settle()
        #expect(harness.channels.received.count == 1)
    }

    @Test func nobodyIsAskedTwiceAtATime() throws {
        let harness = try harnessWithALostMessage()
        harness.channels.reports += [.ready(channel: "sms"), .ready(channel: "sms")]
        harness.turn()
        #expect(harness.channels.queried.count == 1)
    }

    @Test func theClockStandsStillWhileAChannelIsAsked() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.answersQueries = true }
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.isSilent = false
        try harness.crash()
        harness.channels.keepsQueries = true
        let start = harness.clock.now
        let advance = #"{"op":"clock.advance","args":{"by":{"days":2}}}"#
        #expect(harness.service.turn([harness.message(advance)]).replies.isEmpty)
        harness.settle()
        #expect(harness.channels.queried == [key])
        #expect(harness.clock.now == start)
        harness.channels.reports = [.queryAnswer(channel: "sms", key: key, .sent)]
        harness.settle()
        #expect(harness.clock.now == start + .hours(48))
        #expect(harness.story("ann").last == "enrollment.finished")
    }

    @Test func whatTheChannelNeverSawGoesAgain() throws {
        let harness = try harnessWithALostMessage()
        harness.settle()
        #expect(harness.channels.received.count == 1)
    }

    @Test func aMessageInDoubtThatIsTooLateToGoAgainWaitsForAPerson() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.clock.move(to: harness.clock.now + .hours(60))
        harness.channels.reports = [
            .answer(channel: "sms", key: key, .unknown(reason: "cut_off"))
        ]
        harness.settle()
        #expect(harness.channels.received.count == 1)
        #expect(harness.story("ann").contains { $0.hasPrefix("message.unknown hello") })
        try harness.call(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "sent"])
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["step"] == "wait")
    }

    @Test func anAttemptThatNeverGotThroughLeavesTheMessageInDoubt() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.isSilent = true
        try harness.enroll("ann")
        try harness.crash()
        harness.turn()
        let key = try #require(harness.channels.received.last?.key)
        harness.channels.change("sms") { $0.isUp = false }
        harness.channels.reports = [
            .answer(channel: "sms", key: key, .failed(SendFailure(.config, reason: "down"))),
            .down(channel: "sms", reason: "killed"),
        ]
        harness.turn()
        try harness.call("enrollment.delete", ["enrollment": "en_1"])
        #expect(harness.story("ann").contains { $0.hasPrefix("message.unknown hello") })
    }

    @Test func whatTheChannelNeverSawDidNotGoWhereTheEnrollmentHasEnded() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.answersQueries = true }
        harness.channels.losesSends = true
        try harness.enroll("ann")
        try harness.call("enrollment.delete", ["enrollment": "en_1"])
        harness.channels.losesSends = false
        try harness.crash()
        harness.settle()
        #expect(harness.channels.received.isEmpty)
        #expect(harness.story("ann").last?.hasPrefix("message.failed hello") == true)
    }

    @Test(arguments: ["sent", "failed", "resend"])
    func aMessageInDoubtWaitsForAPerson(outcome: String) throws {
        let harness = try harness()
        harness.channels.isSilent = true
        try harness.enroll("ann")
        harness.channels.isSilent = false
        try harness.crash()
        harness.settle()
        #expect(harness.channels.received.count == 1)
        let standing = try harness.call("enrollment.get", ["enrollment": "en_1"])
        #expect(standing["waits_for"] == "resolution")
        try harness.call(
            "execution.resolve",
            ["enrollment": "en_1", "step": "hello", "outcome": .string(outcome)])
        harness.settle()
        #expect(harness.channels.received.count == (outcome == "resend" ? 2 : 1))
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["step"] == "wait")
        let again = try harness.reply(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "sent"])
        #expect(again["error"]?["code"] == "not_unknown")
    }

    @Test func aMessageThatIsTooLateToGoAgainIsSkippedAndKeepsNobodyWaiting() throws {
        let harness = try harness()
        harness.channels.answers = [.unknown(reason: "cut")]
        try harness.enroll("ann")
        try harness.advance(to: "2026-03-04T15:00:00Z")
        let reply = try harness.call(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "resend"])
        #expect(reply["state"] == "active" || reply["state"] == "finished")
        harness.settle()
        #expect(harness.story("ann").contains("message.skipped hello late"))
        #expect(!harness.channels.received.contains { $0.attempt > 1 })
        harness.channels.reports = [.ready(channel: "sms")]
        harness.settle()
        let again = try harness.reply(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "resend"])
        #expect(again["error"]?["code"] == "not_unknown")
    }

    /// A service over a channel that tells repeated keys and said that it does not know what became of the
    /// first message; a person has it sent again.
    private func harnessWithAPersonsWord(
        _ answers: [SendOutcome] = [], isSilent: Bool = false
    ) throws -> ServiceHarness {
        let harness = try harness()
        harness.channels.answers = [.unknown(reason: "cut")]
        try harness.enroll("ann")
        harness.settle()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.answers = answers
        harness.channels.isSilent = isSilent
        try harness.call(
            "execution.resolve",
            ["enrollment": "en_1", "step": "hello", "outcome": "resend"])
        harness.settle()
        return harness
    }

    /// A service in which a message that a person has ordered again waits for its channel.
    private func harnessWithAWaitingWord() throws -> ServiceHarness {
        let harness = try harness()
        harness.channels.answers = [.unknown(reason: "cut")]
        try harness.enroll("ann")
        harness.settle()
        harness.channels.change("sms") {
            ($0.tellsRepeatedKeys, $0.isUp, $0.capacity) = (true, false, 0)
        }
        try harness.call(
            "execution.resolve",
            ["enrollment": "en_1", "step": "hello", "outcome": "resend"])
        harness.settle()
        return harness
    }

    private func lift(_ harness: ServiceHarness) {
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (true, 10) }
        harness.channels.reports = [.ready(channel: "sms")]
        harness.settle()
    }

    @Test func aPersonsWordOutlivesALateReport() throws {
        let harness = try harnessWithAWaitingWord()
        let key = try #require(harness.channels.received.first?.key)
        let late = SendOutcome.failed(SendFailure(.permanent, reason: "undelivered"))
        harness.channels.reports = [.status(channel: "sms", eventID: "late", key: key, late)]
        harness.settle()
        #expect(!harness.story("ann").contains { $0.hasPrefix("message.failed") })
        lift(harness)
        #expect(words(harness) == ["1 false none", "2 true 1"])
    }

    @Test func aPersonMayTakeTheWordBackBeforeItGoes() throws {
        let harness = try harnessWithAWaitingWord()
        try harness.call(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "failed"])
        lift(harness)
        #expect(harness.channels.received.count == 1)
        #expect(harness.story("ann").contains { $0.hasPrefix("message.failed hello") })
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["step"] == "wait")
    }

    private func words(_ harness: ServiceHarness) -> [String] {
        harness.channels.received.map { message in
            let ruledOut = message.request["ruled_out"]?.integer.map(String.init) ?? "none"
            return "\(message.attempt) \(message.request["resend"] == true) \(ruledOut)"
        }
    }

    @Test func aPersonsWordStaysUntilAnAttemptIsAnsweredForGood() throws {
        let fault = SendOutcome.failed(SendFailure(.config, reason: "wrong password"))
        let harness = try harnessWithAPersonsWord([fault, fault, .unknown(reason: "signal 9")])
        #expect(
            words(harness) == [
                "1 false none", "2 true 1", "2 true 1", "2 true 1", "3 false 1",
            ])
        #expect(harness.story("ann").last == "message.sent hello")
    }

    @Test func aPersonsWordOutlivesAnAttemptThatDidNotGetThrough() throws {
        let harness = try harnessWithAPersonsWord([
            .failed(SendFailure(.transient, reason: "busy"))
        ])
        try harness.advance(to: "2026-03-02T18:00:00Z")
        #expect(words(harness) == ["1 false none", "2 true 1", "3 false 1"])
    }

    @Test func aPersonsWordThatNobodyCouldActOnOutlivesTheService() throws {
        let harness = try harnessWithAPersonsWord(isSilent: true)
        let key = try #require(harness.channels.received.last?.key)
        let fault = SendFailure(.config, reason: "It ended before it had the message.")
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (false, 0) }
        harness.channels.reports = [.answer(channel: "sms", key: key, .failed(fault))]
        harness.settle()
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["waits_for"] == "resend")
        try harness.crash()
        harness.channels.isSilent = false
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (true, 10) }
        harness.channels.reports = [.ready(channel: "sms")]
        harness.settle()
        #expect(words(harness) == ["1 false none", "2 true 1", "2 true 1"])
        #expect(harness.story("ann").last == "message.sent hello")
    }

    @Test func aPersonsWordOutlivesTheService() throws {
        let harness = try harnessWithAPersonsWord(isSilent: true)
        harness.channels.isSilent = false
        try harness.crash()
        harness.settle()
        // The attempt may have gone before the service ended: what is known of it counts.
        #expect(words(harness) == ["1 false none", "2 true 1", "3 false 1"])
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["step"] == "wait")
    }

    @Test func aPersonsWordGivesNewAttempts() throws {
        let lost = Array(repeating: SendOutcome.unknown(reason: "signal 11"), count: 30)
        let harness = try harnessWithAPersonsWord(lost)
        #expect(harness.channels.received.map(\.attempt) == Array(1...6))
        try harness.call(
            "execution.resolve",
            ["enrollment": "en_1", "step": "hello", "outcome": "resend"])
        harness.settle()
        #expect(words(harness).suffix(5) == ["7 true 6"] + (8...11).map { "\($0) false 6" })
    }

    @Test func theReasonOfADoubtIsWhatHappenedFirst() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.answers =
            [.unknown(reason: "The connection broke behind the text.")]
            + Array(repeating: .unknown(reason: "It came before."), count: 10)
        try harness.enroll("ann")
        harness.settle()
        #expect(try reason(harness) == "The connection broke behind the text.")
    }

    @Test func theReasonOfADoubtOutlivesItsChannelAndTheService() throws {
        let harness = try harness()
        harness.channels.change("sms") {
            ($0.tellsRepeatedKeys, $0.isUp, $0.capacity) = (true, true, 10)
        }
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (false, 0) }
        harness.channels.reports = [
            .answer(channel: "sms", key: key, .unknown(reason: "The channel ended with signal 9."))
        ]
        harness.settle()
        harness.channels.change("sms") {
            ($0.tellsRepeatedKeys, $0.isUp, $0.capacity) = (false, true, 10)
        }
        try harness.crash()
        harness.settle()
        #expect(try reason(harness) == "The channel ended with signal 9.")
    }

    private func reason(_ harness: ServiceHarness) throws -> String? {
        try harness.call("execution.list", ["types": ["message.unknown"]])["executions"]?.array?
            .first?["reason"]?.string
    }

    @Test func aMessageThatKillsItsChannelWaitsForAPersonInTheEnd() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.tellsRepeatedKeys = true }
        harness.channels.answers = Array(repeating: .unknown(reason: "signal 11"), count: 20)
        try harness.enroll("ann")
        harness.settle()
        #expect(harness.channels.received.count == 5)
        #expect(harness.story("ann").last?.hasPrefix("message.unknown hello") == true)
        #expect(try reason(harness) == "signal 11")
    }

    @Test func theLastAnswersAreTakenAtTheEnd() throws {
        let harness = try harness()
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.reports = [.answer(channel: "sms", key: key, .sent)]
        #expect(harness.service.finish().map(\.type) == ["message.sent"])
        try harness.crash()
        harness.settle()
        #expect(harness.channels.received.count == 1)
    }

    @Test func aChannelThatIsDownHoldsAndBurnsNoAttempt() throws {
        let harness = try harness()
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (false, 0) }
        try harness.enroll("ann")
        #expect(harness.story("ann").last == "message.held hello channel_down")
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (true, 10) }
        harness.settle()
        #expect(harness.channels.received.map(\.attempt) == [1])
    }

    @Test func aChannelThatWasRemovedKeepsNobodyWaiting() throws {
        let harness = try harness()
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (false, 0) }
        try harness.enroll("ann")
        harness.channels.channels.removeAll { $0.name == "sms" }
        try harness.crash()
        harness.settle()
        #expect(harness.story("ann").contains("message.skipped hello channel_unknown"))
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["step"] == "wait")
    }

    @Test func aFullWindowKeepsTheRestInOrder() throws {
        let harness = try harness()
        harness.channels.change("sms") { $0.capacity = 2 }
        for name in ["a", "b", "c", "d", "e"] { try harness.enroll(name) }
        harness.settle()
        let names = harness.channels.received.map { $0.request["content"]?["text"]?.string ?? "" }
        #expect(names == ["Hi a", "Hi b", "Hi c", "Hi d", "Hi e"])
        #expect(!harness.story("e").contains { $0.hasPrefix("message.held") })
    }

    @Test func aTemporaryFailureIsRetriedWithTheSameKey() throws {
        let harness = try harness()
        harness.channels.answers = [.failed(SendFailure(.transient, reason: "busy"))]
        try harness.enroll("ann")
        harness.settle()
        #expect(harness.story("ann").last == "message.held hello retry")
        try harness.advance(to: "2026-03-02T15:05:00Z")
        #expect(harness.channels.received.map(\.attempt) == [1, 2])
        #expect(Set(harness.channels.received.map(\.key)).count == 1)
    }

    @Test func aReportThatRepeatsHasOneEffect() throws {
        let harness = try harness()
        try harness.enroll("ann")
        harness.settle()
        let key = try #require(harness.channels.received.first?.key)
        for _ in 0..<2 {
            harness.channels.reports = [
                .status(channel: "sms", eventID: "r1", key: key, .delivered)
            ]
            harness.turn()
        }
        #expect(harness.story("ann").filter { $0 == "message.delivered hello" }.count == 1)
        #expect(harness.channels.acknowledged == ["r1", "r1"])
        harness.channels.reports = [.status(channel: "sms", eventID: "r2", key: key, .sent)]
        harness.turn()
        #expect(harness.story("ann").last == "message.delivered hello")
    }

    @Test func aReplyEndsWhatItsExitSays() throws {
        let harness = try ServiceHarness()
        try harness.setUp(steps, exits: [["name": "replied", "when": ["signal": "sms.replied"]]])
        try harness.enroll("ann")
        harness.settle()
        let phone = harness.channels.received[0].request["to"]?.string
        harness.channels.reports = [
            .inbound(
                channel: "sms", InboundEvent(eventID: "i1", kind: .reply, from: phone, text: "yes"))
        ]
        harness.turn()
        #expect(harness.story("ann").suffix(2) == ["signal.received", "enrollment.exited wait"])
    }

    @Test func stopAtTheProviderSuppressesTheChannel() throws {
        let harness = try harness()
        harness.channels.answers = [.failed(SendFailure(.suppressed, reason: "21610"))]
        try harness.enroll("ann")
        harness.settle()
        #expect(try harness.call("contact.get", ["id": "ann"])["suppressed"] == ["sms"])
    }

    @Test func anAnswerBehindTheEndIsReportedHonestly() throws {
        let harness = try harness()
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let reply = try harness.call("enrollment.delete", ["enrollment": "en_1"])
        #expect(reply["in_flight"] == true)
        let key = try #require(harness.channels.received.first?.key)
        harness.channels.reports = [.answer(channel: "sms", key: key, .sent)]
        harness.turn()
        #expect(
            harness.story("ann").suffix(2) == ["enrollment.unenrolled hello", "message.sent hello"])
        try harness.advance(to: "2026-03-05T15:00:00Z")
        #expect(harness.channels.received.count == 1)
    }

    @Test func aStoreThatFailsLosesNothing() throws {
        let harness = try harness()
        harness.channels.isSilent = true
        try harness.enroll("ann")
        let key = try #require(harness.channels.received.first?.key)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: harness.databasePath, configuration: configuration)
        try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        harness.channels.reports = [.answer(channel: "sms", key: key, .sent)]
        let refused = try harness.reply("contact.put", ["id": "ben", "fields": [:]])
        #expect(refused["error"]?["code"] == "storage_failed")
        #expect(refused["error"]?["retry"] == "later")
        try other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        harness.turn()
        #expect(harness.story("ann").last == "message.sent hello")
        #expect(try harness.reply("contact.get", ["id": "ben"])["error"]?["code"] == "not_found")
    }

    /// What was to be sent is kept for another attempt, and not where there comes none any more.
    @Test(
        arguments: [
            ("enrollment.delete", ["enrollment": "en_1"]),
            ("signal.send", ["name": "contact.unsubscribed", "contact": "ann"]),
            (
                "signal.send",
                ["name": "contact.unsubscribed", "contact": "ann", "data": ["channel": "sms"]]
            ),
            ("system.hello", [:]),
        ] as [(String, JSON)])
    func noTextStaysOfAMessageThatIsNotTriedAgain(_ op: String, _ args: JSON) throws {
        let harness = try harness()
        let busy = SendOutcome.failed(SendFailure(.transient, reason: "busy"))
        harness.channels.answers = Array(repeating: busy, count: 2)
        try harness.enroll("ann")
        harness.settle()
        func kept() throws -> Int? {
            let sql = "SELECT count(*) FROM message WHERE request IS NOT NULL"
            return try DatabaseQueue(path: harness.databasePath).read {
                try Int.fetchOne($0, sql: sql)
            }
        }
        #expect(try kept() == 1)
        harness.channels.change("sms") { ($0.isUp, $0.capacity) = (false, 0) }
        try harness.call(op, args)
        try harness.advance(to: "2026-03-06T15:00:00Z")
        lift(harness)
        #expect(harness.channels.received.count { $0.channel == "sms" } == 1)
        #expect(try kept() == 0, "\(harness.story("ann"))")
    }

    /// One command of a turn breaks a rule of the database: only it is undone.
    @Test func aBrokenRuleUndoesOneCommandAlone() throws {
        let harness = try harness()
        let other = try DatabaseQueue(path: harness.databasePath)
        try other.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON history WHEN NEW.type = 'template.created'
                    BEGIN SELECT RAISE(ABORT, 'no'); END
                    """)
        }
        let replies = try harness.exchange(
            #"{"op":"contact.put","args":{"id":"ben"}}"#,
            #"{"op":"template.create","args":{"id":"t","workflow":"test"}}"#,
            #"{"op":"contact.put","args":{"id":"eve"}}"#)
        #expect(replies.map { $0["ok"] } == [true, false, true])
        #expect(replies[1]["error"]?["code"] == "internal_error")
        #expect(try harness.reply("contact.get", ["id": "eve"])["ok"] == true)
        #expect(
            try harness.reply("template.get", ["template": "t"])["error"]?["code"] == "not_found")
    }
}
