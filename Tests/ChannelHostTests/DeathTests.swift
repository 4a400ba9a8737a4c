import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct DeathTests {
    @Test func whatWasInFlightIsUnknownExactlyOnce() throws {
        let bench = try Bench("diesInFlight")
        bench.start()
        for key in ["a", "b", "deadly", "c"] { bench.send(key) }
        bench.run { $0.answers.count == 4 }
        let reason = "The channel ended with signal 9."
        #expect(bench.answers.map(\.key) == ["a", "b", "deadly", "c"])
        #expect(
            bench.answers.map(\.answer)
                == [.sent, .sent, .unknown(reason: reason), .unknown(reason: reason)])
        #expect(bench.status.lastDeath == "signal 9")
        #expect(bench.status.deaths == 1)
        #expect(bench.status.inflight == 0)
        #expect(bench.host.capacity(of: "faulty") == 0)
        #expect(bench.downs.count == 1)
        #expect(bench.status.lastError?.contains("out of memory") == true)
    }

    @Test func aDeadChannelComesBackAfterItsPause() throws {
        let bench = try Bench("diesInFlight")
        bench.start()
        bench.send("deadly")
        bench.run { $0.status.deaths == 1 }
        bench.advance(by: .milliseconds(499))
        #expect(bench.status.starts == 1)
        bench.advance(by: .milliseconds(1))
        bench.run { $0.isReady }
        #expect(bench.status.starts == 2)
        bench.send("a")
        bench.run { $0.answers.count == 2 }
        #expect(bench.answers.last?.answer == .sent)
    }

    @Test func aChannelThatKeepsDyingIsSuspendedAndStillTried() throws {
        let bench = try Bench("diesAtOnce")
        bench.host.start()
        var pauses: [Duration] = []
        for death in 1...9 {
            bench.run { $0.status.deaths == death }
            let pause = bench.host.nextDeadline ?? .zero
            pauses.append(pause)
            bench.advance(by: pause)
        }
        #expect(pauses.prefix(4) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
        #expect(pauses.suffix(2) == [.seconds(60), .seconds(60)])
        #expect(bench.status.state == .suspended)
        #expect(bench.status.lastDeath == "code 1")
        #expect(bench.status.lastError?.contains("no such module: provider") == true)
    }

    @Test func whoLivedForAMinuteStartsAgainAtOnce() throws {
        let bench = try Bench("none")
        bench.start()
        for death in 1...8 {
            bench.run { $0.isReady }
            bench.advance(by: .seconds(60))
            kill(try #require(bench.status.process), SIGKILL)
            bench.run { $0.status.deaths == death }
            #expect(bench.host.nextDeadline == .milliseconds(500))
            bench.advance(by: .milliseconds(500))
        }
        #expect(bench.status.state != .suspended)
    }

    @Test func aProgramThatCannotBeStartedIsADeath() throws {
        let bench = try Bench(program: "/nonexistent/channel")
        bench.host.start()
        bench.run { $0.status.deaths == 1 }
        #expect(bench.status.lastDeath?.hasPrefix("not started") == true)
    }

    @Test func startsThatFailLeaveNoDescriptorOpen() throws {
        let bench = try Bench(program: "/nonexistent/channel")
        bench.host.start()
        bench.run { $0.status.deaths == 1 }
        let before = OpenDescriptors.count
        for death in 2...60 {
            bench.advance(by: .seconds(60))
            bench.run { $0.status.deaths == death }
        }
        // Other tests open some meanwhile; one left open by each start would be far more.
        #expect(OpenDescriptors.count < before + 55)
    }

    @Test func aMessageForAChannelThatIsDownDidNotGo() throws {
        let bench = try Bench("diesInFlight")
        bench.start()
        bench.send("deadly")
        bench.run { $0.status.deaths == 1 }
        bench.send("late")
        bench.run { $0.answers.count == 2 }
        #expect(bench.answers.last?.key == "late")
        #expect(bench.answers.last?.answer.neverReachedIt == true)
        bench.advance(by: .seconds(1))
        bench.run { $0.isReady }
        #expect(bench.status.strayLines == 0)
    }

    @Test func aMessageThatTheChildNeverReadWholeDidNotGo() throws {
        let bench = try Bench("stopsReading")
        bench.start()
        let text = String(repeating: "x", count: 30_000)
        for number in 1...200 { bench.send("k\(number)", text: text) }
        bench.advance(by: .zero)
        kill(try #require(bench.status.process), SIGKILL)
        bench.run { $0.answers.count == 200 }
        let reason = "The channel ended with signal 9."
        let unknown = bench.answers.prefix { $0.answer == .unknown(reason: reason) }
        #expect(bench.answers.map(\.key) == (1...200).map { "k\($0)" })
        #expect((1...36).contains(unknown.count), "A pipe holds 1 MiB at most: \(unknown.count)")
        #expect(bench.answers.dropFirst(unknown.count).allSatisfy { $0.answer.neverReachedIt })
    }

    @Test func aGrandchildThatHoldsThePipesIsEndedToo() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/grandchild"
        let bench = try Bench("leavesGrandchild", arguments: [file])
        bench.start()
        bench.send("k")
        bench.run { $0.answers.count == 1 }
        #expect(bench.answers.first?.answer == .unknown(reason: "The channel ended with code 0."))
        let text = String(
            decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        let grandchild = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        bench.run { _ in !OpenDescriptors.isRunning(grandchild) }
        #expect(!OpenDescriptors.isRunning(grandchild))
    }

    @Test func stopEndsAChildThatIgnoresEverything() throws {
        let bench = try Bench("ignoresTermination")
        bench.start()
        let process = try #require(bench.status.process)
        bench.host.stop()
        #expect(!OpenDescriptors.isRunning(process))
        #expect(bench.status.state == .stopped)
    }

    @Test func stopLetsWhatWasQueuedBeAnswered() throws {
        let bench = try Bench(outbox: "sms")
        bench.start()
        let text = String(repeating: "x", count: 10_000)
        for number in 1...500 { bench.send("k\(number)", text: text) }
        bench.host.stop()
        bench.run { $0.answers.count == 500 }
        #expect(bench.answers.allSatisfy { $0.answer == .sent })
        #expect(bench.status.deaths == 0)
    }
}

/// What the test's own process, or another, holds.
enum OpenDescriptors {
    static var count: Int { (0..<4_096).count { fcntl(Int32($0), F_GETFD) != -1 } }

    /// Whether `process` runs; one that ended and waits for its parent does not.
    static func isRunning(_ process: pid_t) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
            return false
        }
        return !String(decoding: data, as: UTF8.self).contains(") Z ")
    }
}

extension SendAnswer {
    var neverReachedIt: Bool {
        if case .failed(let failure) = self { failure.kind == .config } else { false }
    }
}
