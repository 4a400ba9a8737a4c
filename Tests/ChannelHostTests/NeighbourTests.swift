import ChannelHost
import ChannelKit
import Glibc
import JSONLines
import Testing

/// Whatever a channel does: each message has one answer, the status names a reason, and the channel
/// beside it goes on.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct NeighbourTests {
    /// A way to misbehave, and what the host says of it.
    struct Row: CustomTestStringConvertible, Sendable {
        let fault: String
        /// Words of `lastError`.
        let reason: String
        /// How many of eight messages are settled without any time-out.
        var atOnce = 8
        /// How many of its lines are none of the protocol's, where the fault is in these.
        var strays = 0
        /// Whether its fault shows by itself, before any time has passed.
        var saysAtOnce = false
        var config: JSONObject = [:]
        var testDescription: String { fault }
    }

    static let rows = [
        Row(fault: "halfLineAndExit", reason: "It ended with code 0."),
        Row(fault: "floodsOutput", reason: "none of the protocol's", atOnce: 0, strays: 1),
        Row(fault: "answersTwice", reason: "that nobody waits for", strays: 8),
        Row(
            fault: "answersUnknownID", reason: "It did not answer a message in time.", atOnce: 0,
            strays: 8),
        Row(fault: "badOutcome", reason: "cannot be read: outcome"),
        Row(fault: "writesBinary", reason: "none of the protocol's", strays: 16),
        Row(
            fault: "claimsHugeWindow", reason: "manifest.max_inflight: It must be from 1 to 10000."),
        Row(fault: "wrongManifest", reason: "Its manifest cannot be used: manifest.protocols"),
        Row(fault: "greetsWithoutManifest", reason: "Its manifest cannot be used"),
        Row(fault: "diesAfterAccepted", reason: "a broken promise"),
        Row(fault: "diesAtOnce", reason: "no such module: provider"),
        Row(fault: "dropsOne", reason: "It did not answer a message in time.", atOnce: 7),
        Row(fault: "neverAnswers", reason: "It answers nothing any more.", atOnce: 0),
        Row(
            fault: "closesOutputAndStays", reason: "It closed its output.", atOnce: 0,
            saysAtOnce: true),
        Row(
            fault: "echoesSecret", reason: "Its configuration was refused: no login with",
            config: ["token": "pa55-word"]),
    ]

    @Test(arguments: rows)
    func aFaultHurtsNobodyElse(_ row: Row) throws {
        let bench = try Bench(besideAHealthyOne: row.fault, config: row.config)
        bench.host.start()
        bench.run { $0.reports.contains(.ready(channel: "healthy")) && $0.hasSettledIn }
        let keys = (1...8).map { "f\($0)" }
        for key in keys { bench.send(key) }
        for number in 1...8 { bench.send("h\(number)", on: "healthy") }
        bench.run { $0.answers(of: "healthy").count == 8 }
        #expect(bench.answers(of: "healthy").allSatisfy { $0.answer == .sent })

        bench.run { bench in
            bench.answers(of: "faulty").count >= row.atOnce
                && bench.status.strayLines >= row.strays
                && (!row.saysAtOnce || bench.status.lastError == row.reason)
        }
        // A message's time, then that of the ping behind it, then that of the signal.
        for _ in 1...4 { bench.advance(by: .seconds(5)) }
        bench.run { bench in
            bench.answers(of: "faulty").count >= 8
                && bench.reasons.contains { $0.contains(row.reason) }
        }
        #expect(bench.answers(of: "faulty").map(\.key).sorted() == keys, "Each has one answer.")
        if row.strays > 0 { #expect(bench.status.strayLines == row.strays) }
        #expect(bench.reasons.contains { $0.contains(row.reason) }, "\(bench.reasons)")
        #expect(!bench.reasons.contains { $0.contains("pa55-word") })
    }

    @Test func aRepeatedKeyHasAnAnswerForEachTimeItWasSent() throws {
        let bench = try Bench("answersRepeatsDifferently")
        bench.start()
        bench.send("a")
        bench.send("a")
        bench.run { $0.answers.count == 2 }
        let repeated = SendAnswer.failed(.init(.permanent, reason: "it was sent before"))
        #expect(bench.answers.map(\.answer) == [.sent, repeated])
    }

    @Test func stopEndsAChildThatIgnoresTheEndOfItsInput() throws {
        let bench = try Bench("ignoresEndOfInput")
        bench.start()
        let process = try #require(bench.status.process)
        bench.send("a")
        bench.host.stop()
        bench.run { $0.answers.count == 1 }
        #expect(bench.answers.map(\.answer) == [.sent])
        #expect(!OpenDescriptors.isRunning(process))
    }

    @Test func aSignalThatComesBeforeTheChildsNumberIsNotLost() throws {
        let folder = try TemporaryFolder()
        let settings = ChannelSettings(
            name: "faulty", program: try Bench.program("FaultyChannel"), arguments: ["none"],
            workingDirectory: folder.path)
        let child = try ChildProcess(settings, wake: {})
        // At once, which is nearly always before its number is known.
        child.signalGroup(9)
        let limit = ContinuousClock.now + .seconds(60)
        while child.ending == nil, ContinuousClock.now < limit { sched_yield() }
        #expect(child.ending == .signal(9))
    }
}

extension Bench {
    /// Whether the channel takes messages, or has shown why it does not.
    fileprivate var hasSettledIn: Bool { isReady || status.lastError != nil }
}
