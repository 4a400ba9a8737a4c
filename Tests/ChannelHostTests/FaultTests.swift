import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct FaultTests {
    @Test func strayLinesAreCountedAndHarmless() throws {
        let bench = try Bench("printsBanner")
        bench.start()
        #expect(bench.status.strayLines == 2)
        bench.send("k")
        bench.run { $0.answers.count == 1 }
        #expect(bench.answers.first?.answer == .sent)
    }

    @Test func aHugeLineIsDroppedAndTheNextIsRead() throws {
        let bench = try Bench("hugeLine")
        bench.start()
        bench.send("k")
        bench.run { $0.answers.count == 1 }
        #expect(bench.answers.first?.answer == .sent)
        #expect(bench.status.strayLines == 1)
    }

    @Test func aFloodOfErrorTextBlocksNobody() throws {
        let bench = try Bench("floodsErrors")
        bench.start()
        bench.send("a")
        bench.send("b")
        bench.run { $0.answers.count == 2 }
        #expect(bench.answers.map(\.answer) == [.sent, .sent])
    }

    @Test func aMessageWithoutAnswerIsUnknownAfterItsTime() throws {
        let bench = try Bench("answersOnlyPings")
        bench.start()
        bench.send("k")
        bench.advance(by: .milliseconds(4_999))
        #expect(bench.answers.isEmpty)
        #expect(bench.host.nextDeadline == .milliseconds(1))
        bench.advance(by: .milliseconds(1))
        #expect(bench.answers.map(\.answer) == [.unknown(reason: "timeout")])
        #expect(
            bench.host.capacity(of: "faulty") == 0, "It takes nothing until it shows that it lives."
        )
        bench.run { $0.host.capacity(of: "faulty") == 8 }
        #expect(bench.host.capacity(of: "faulty") == 8)
        #expect(bench.status.deaths == 0)
    }

    @Test func aLateAnswerShowsOnlyThatTheChannelLives() throws {
        let bench = try Bench("answersLate")
        bench.start()
        bench.send("k")
        bench.advance(by: .seconds(5))
        bench.run { $0.host.capacity(of: "faulty") == 8 }
        bench.advance(by: .seconds(5))
        #expect(bench.answers.map(\.answer) == [.unknown(reason: "timeout")])
        #expect(bench.host.capacity(of: "faulty") == 8)
        #expect(bench.status.strayLines == 0)
        #expect(bench.status.inflight == 0)
    }

    @Test func aChannelThatHangsIsEndedAndStartedAgain() throws {
        let bench = try Bench("neverAnswers")
        bench.start()
        bench.send("a")
        bench.advance(by: .seconds(5))
        #expect(bench.answers.count == 1)
        bench.advance(by: .seconds(5))
        bench.run { $0.status.deaths == 1 }
        #expect(bench.answers.count == 1)
        bench.advance(by: .seconds(1))
        bench.run { $0.isReady }
        #expect(bench.host.capacity(of: "faulty") == 8)
    }

    @Test func aChannelThatNeverGreetsIsEnded() throws {
        let bench = try Bench("neverGreets")
        bench.host.start()
        bench.run { $0.status.process != nil }
        bench.advance(by: .seconds(10))
        bench.run { $0.status.deaths == 1 }
        #expect(bench.status.lastDeath == "signal 15")
        #expect(bench.status.lastError?.contains("hello") == true)
    }

    @Test(arguments: ["closesInput", "closesOutput"])
    func aChannelThatClosesAPipeIsEnded(_ fault: String) throws {
        let bench = try Bench(fault)
        bench.start()
        for key in ["a", "b"] { bench.send(key) }
        bench.run { $0.status.deaths == 1 && $0.answers.count == 2 }
        #expect(bench.status.deaths == 1)
        #expect(bench.status.lastError?.hasPrefix("It closed its") == true)
        #expect(bench.answers.allSatisfy { $0.answer != .sent })
    }

    @Test func aStubbornChannelWithoutOutputMakesNoSpin() throws {
        let bench = try Bench("closesOutputAndStays")
        bench.start()
        bench.run { $0.host.capacity(of: "faulty") == 0 }
        #expect(bench.rounds(within: .milliseconds(200)) < 50, "The loop must not spin.")
        bench.advance(by: .seconds(2))
        bench.run { $0.status.deaths == 1 }
        #expect(bench.status.lastDeath == "signal 9")
    }

    @Test func aChannelThatClosesItsErrorTextGoesOn() throws {
        let bench = try Bench("closesErrors")
        bench.start()
        bench.send("a")
        bench.run { $0.answers.count == 1 }
        #expect(bench.rounds(within: .milliseconds(200)) < 50, "The loop must not spin.")
        #expect(bench.isReady)
    }

    @Test func aRefusedConfigurationIsTriedAgainUntilItIsTaken() throws {
        let bench = try Bench("refusesTwice")
        bench.host.start()
        for refusal in 1...2 {
            bench.run { $0.status.lastError?.contains("wrong password \(refusal)") == true }
            #expect(bench.status.state == .faulty)
            #expect(bench.host.nextDeadline == .seconds(60))
            bench.advance(by: .seconds(60))
        }
        bench.run { $0.isReady }
        #expect(bench.isReady)
        #expect(bench.downs.count == 1)
        #expect(bench.status.deaths == 0)
    }

    @Test func aFaultOfTheAccountPausesTheChannel() throws {
        let bench = try Bench("reportsConfigFault")
        bench.start()
        bench.send("k")
        bench.run { $0.answers.count == 1 }
        #expect(bench.status.state == .faulty)
        #expect(bench.host.capacity(of: "faulty") == 0)
        bench.advance(by: .seconds(60))
        bench.run { $0.isReady }
        #expect(bench.isReady)
    }

    @Test func aFaultyChannelHoldsNobodyUp() throws {
        let bench = try Bench("stopsReading")
        bench.start()
        let text = String(repeating: "x", count: 50_000)
        // A write that waited for the channel would never return.
        for number in 1...100 { bench.send("k\(number)", text: text) }
        bench.advance(by: .zero)
        #expect(bench.answers.isEmpty)
    }

    /// A channel whose disk is full says when to try again; it is asked by its configuration alone until
    /// it has room, and after a message that went the minute counts again.
    private static let crowded = """
        configured=0
        while read -r line; do
          id=${line#*'"id":'}; id=${id%%[,\\}]*}
          case "$line" in
            *'"op":"hello"'*) answer='"manifest":{"protocols":[1],"name":"crowded","version":"1",\
        "channel":"faulty","address":"phone"}';;
            *'"op":"configure"'*) configured=$((configured+1)); answer='"ok":true'
              if [ "$configured" = 2 ]; then answer='"ok":false,"error":"full"'; fi;;
            *'"key":"a"'*) answer='"outcome":"failed","failure":{"kind":"config","reason":"full",\
        "retry_after_ms":2000}';;
            *'"key":"c"'*) answer='"outcome":"failed","failure":{"kind":"config","reason":"full"}';;
            *) answer='"outcome":"sent","ok":true';;
          esac
          echo '{"id":'"$id,$answer"'}'
        done
        """

    @Test func aFaultMaySayHowLongItLasts() throws {
        let bench = try Bench(script: Self.crowded, config: [:])
        bench.start()
        bench.send("a")
        bench.run { $0.status.state == .faulty }
        #expect(bench.host.nextDeadline == .seconds(2))
        bench.advance(by: .seconds(2))
        bench.run { $0.host.nextDeadline == .seconds(2) }
        #expect(bench.host.nextDeadline == .seconds(2))
        #expect(bench.status.state == .faulty)
        #expect(bench.downs.count == 1, "It is told once.")
        bench.advance(by: .seconds(2))
        bench.run { $0.isReady }
        bench.send("b")
        bench.run { $0.answers.count == 2 }
        bench.send("c")
        bench.run { $0.status.state == .faulty }
        #expect(bench.host.nextDeadline == .seconds(60))
    }
}
