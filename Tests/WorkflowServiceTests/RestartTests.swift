import JSONLines
import SeededNumbers
import Testing
import WorkflowModel
import WorkflowService

/// Restarts between any two commits: every message reaches a channel that tells repeated keys once.
struct RestartTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func everyMessageOnce(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        let harness = try ServiceHarness()
        for name in ["sms", "email"] {
            harness.channels.change(name) { $0.tellsRepeatedKeys = true }
        }
        try harness.setUp([
            ["id": "one", "kind": "message", "channel": "sms", "content": ["text": "1"]],
            ["id": "w1", "kind": "delay", "for": ["days": 1]],
            [
                "id": "two", "kind": "message", "channel": "email",
                "content": ["subject": "2", "text": "2"],
            ],
            ["id": "w2", "kind": "delay", "for": ["hours": 5]],
            ["id": "three", "kind": "message", "channel": "sms", "content": ["text": "3"]],
        ])
        let names = (0..<8).map { "c\($0)" }
        for name in names { try harness.enroll(name) }
        let end = try #require(Instant(rfc3339: "2026-03-05T15:00:00Z"))
        while harness.clock.now < end {
            if Int.random(in: 0..<3, using: &random) == 0 {
                harness.channels.losesSends = Bool.random(using: &random)
                harness.turn()
                harness.channels.losesSends = false
                try harness.crash()
            }
            harness.turn()
            harness.clock.move(
                to: harness.clock.now + .minutes(Int.random(in: 1...90, using: &random)))
        }
        harness.settle()
        check(harness, names, seed: seed)
    }

    private func check(_ harness: ServiceHarness, _ names: [String], seed: UInt64) {
        let keys = Set(harness.channels.received.map(\.key))
        #expect(keys.count == names.count * 3, "seed \(seed)")
        for name in names {
            let sent = harness.story(name).filter { $0.hasPrefix("message.sent") }
            #expect(
                sent == ["message.sent one", "message.sent two", "message.sent three"],
                "seed \(seed)")
            #expect(harness.story(name).last == "enrollment.finished", "seed \(seed)")
        }
        let seqs = harness.published.compactMap { $0["seq"]?.integer }
        #expect(seqs == Array(1...Int64(seqs.count)), "seed \(seed)")
    }
}
