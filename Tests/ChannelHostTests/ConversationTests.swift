import CTestEnvironment
import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct ConversationTests {
    @Test func becomesReadyAndAnswersAWindow() throws {
        let bench = try Bench("none")
        #expect(bench.host.capacity(of: "faulty") == 0)
        bench.start()
        #expect(bench.host.capacity(of: "faulty") == 8)
        #expect(bench.reports == [.ready(channel: "faulty")])
        let keys = (1...8).map { "k\($0)" }
        for key in keys { bench.send(key) }
        #expect(bench.host.capacity(of: "faulty") == 0)
        bench.run { $0.answers.count == 8 }
        #expect(bench.answers.map(\.key) == keys)
        #expect(bench.answers.allSatisfy { $0.answer == .sent })
        #expect(bench.host.capacity(of: "faulty") == 8)
        #expect(bench.status.answered == 8)
    }

    @Test func answersMayComeInAnyOrder() throws {
        let bench = try Bench("answersBackwards")
        bench.start()
        for key in ["a", "b", "c", "d"] { bench.send(key) }
        bench.run { $0.answers.count == 4 }
        #expect(bench.answers.map(\.key) == ["d", "c", "b", "a"])
    }

    @Test func aLineMayComeInPieces() throws {
        let bench = try Bench("splitsLines")
        bench.start()
        bench.send("first")
        bench.send("second")
        bench.run { $0.answers.count == 1 }
        #expect(bench.answers.map(\.key) == ["first"])
        bench.send("third")
        bench.run { $0.answers.count == 2 }
        #expect(bench.answers.map(\.key) == ["first", "second"])
        #expect(bench.status.strayLines == 0)
    }

    @Test func textOfAnySizeAndScriptArrivesWhole() throws {
        let bench = try Bench(outbox: "sms")
        bench.start()
        let text = String(repeating: "Grüße, 世界 👋🏽 \u{0} \"\\\n", count: 20_000)
        bench.send("big", text: text)
        bench.run { $0.answers.count == 1 }
        let file =
            FileManager.default.contents(atPath: bench.folder.path + "/outbox.jsonl") ?? Data()
        let written = try JSON(parsing: file)
        #expect(written["content"]?["text"]?.string == text)
    }

    @Test func queriesTellWhatIsKnown() throws {
        let bench = try Bench("none")
        bench.start()
        bench.send("found")
        bench.host.query(key: "found", on: "faulty")
        bench.host.query(key: "lost", on: "faulty")
        bench.run { $0.reports.count == 4 }
        #expect(
            bench.reports.dropFirst(2) == [
                .queryAnswer(channel: "faulty", key: "found", .sent),
                .queryAnswer(channel: "faulty", key: "lost", nil),
            ])
    }

    @Test func reportsAreRepeatedUntilAcknowledged() throws {
        let bench = try Bench("reports")
        bench.start()
        bench.run { $0.reports.count == 3 }
        let delivered = ChannelReport.status(
            channel: "faulty", eventID: "e1", key: "k1", .delivered)
        let optOut = ChannelLine.Inbound(
            eventID: "e2", kind: .optOut, from: "+15550100", text: "STOP ✋")
        #expect(bench.reports.dropFirst() == [delivered, .inbound(channel: "faulty", optOut)])
        bench.host.acknowledge("e2", on: "faulty")
        bench.run { $0.reports.count == 4 }
        #expect(bench.reports.last == delivered)
        bench.host.acknowledge("e1", on: "faulty")
        bench.run { $0.reports.count == 5 }
        let told = ChannelLine.Inbound(eventID: "e3", kind: .reply, text: "acknowledged e1")
        #expect(bench.reports.last == .inbound(channel: "faulty", told))
    }

    @Test func aChannelOnTheKitReportsByItself() throws {
        let bench = try Bench("usesKit")
        bench.start()
        bench.send("a")
        bench.run { $0.reports.count == 3 }
        let status = ChannelReport.status(
            channel: "faulty", eventID: "delivered-a", key: "a", .delivered)
        #expect(bench.answers.map(\.answer) == [.accepted])
        #expect(bench.reports.last == status)
    }

    @Test func theExampleInPythonIsAChannel() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let program = root.appendingPathComponent("proto-docs/examples/file_channel.py").path
        let bench = try Bench(program: program)
        bench.start()
        for number in 1...16 { bench.send("k\(number)", text: "Grüße 👋🏽") }
        bench.run { $0.answers.count == 16 }
        bench.send("k1")
        bench.run { $0.answers.count == 17 }
        #expect(bench.answers.allSatisfy { $0.answer == .sent })
        let file = FileManager.default.contents(atPath: bench.folder.path + "/sent.jsonl") ?? Data()
        #expect(file.split(separator: 0x0A).count == 16)
        #expect(bench.status.strayLines == 0)
    }

    @Test func theChildSeesOnlyWhatItShould() throws {
        let bench = try Bench("describesItself")
        bench.start()
        bench.send("k")
        bench.run { $0.answers.count == 1 }
        guard case .failed(let failure)? = bench.answers.first?.answer else {
            Issue.record("The channel did not describe itself.")
            return
        }
        let parts = failure.reason.split(separator: ";").map(String.init)
        let names = Set(parts[0].split(separator: ",").map(String.init))
        #expect(names.contains("CHANNEL_TEST_PASSED"))
        #expect(
            names.isSubset(of: [
                "PATH", "LANG", "TZ", "HOME", "CHANNEL_TEST_PASSED", "WORKFLOWD_CHANNEL",
            ]))
        #expect(parts[1] == "[0, 1, 2]")
        #expect(parts[2] == "true")
        #expect(parts[3].hasSuffix(URL(fileURLWithPath: bench.folder.path).lastPathComponent))
    }
}
