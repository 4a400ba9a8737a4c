import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// Time: downtime, halts, changed settings, versions.
struct ScheduleTests {
    private func message(_ id: String, _ text: String = "Hi") -> JSON {
        [
            "id": .string(id), "kind": "message", "channel": "sms",
            "content": ["text": .string(text)],
        ]
    }

    private func delay(_ id: String, _ length: JSON) -> JSON {
        ["id": .string(id), "kind": "delay", "for": length]
    }

    @Test func aWeekOfDowntimeEndsWithAtMostOneMessageEach() throws {
        let harness = try ServiceHarness()
        let anchored = ["a", "b", "c", "d"].enumerated().flatMap { number, id -> [JSON] in
            let delay: JSON = [
                "id": .string("wait-\(id)"), "kind": "delay",
                "for": ["days": .integer(Int64(number + 1))],
                "from": "enrolled",
            ]
            return [delay, message(id)]
        }
        try harness.setUp(.array(anchored))
        for name in ["ann", "ben", "eve"] { try harness.enroll(name) }
        // The clock stands at the end of the fourth day when the service comes back.
        harness.clock.move(to: try #require(Instant(rfc3339: "2026-03-06T16:00:00Z")))
        try harness.crash()
        harness.settle()
        #expect(harness.channels.received.map(\.address.node) == [7, 7, 7])
        #expect(harness.story("ann").filter { $0.hasPrefix("message.skipped") }.count == 3)
    }

    @Test func aHaltHoldsAndTheLateRuleDecides() throws {
        let harness = try ServiceHarness()
        try harness.setUp([
            delay("w1", ["days": 1]), message("one"), delay("w2", ["days": 3]), message("two"),
        ])
        try harness.enroll("ann")
        try harness.call("workflow.halt", ["workflow": "test"])
        try harness.advance(to: "2026-03-05T15:00:00Z")
        #expect(harness.story("ann").last == "message.held one workflow_halted")
        try harness.call("workflow.activate", ["workflow": "test"])
        harness.settle()
        #expect(harness.story("ann").contains("message.skipped one late"))
        try harness.advance(to: "2026-03-09T15:00:00Z")
        #expect(harness.channels.received.map(\.address.node) == [3])
    }

    @Test func thoseInsideKeepTheirVersion() throws {
        let harness = try ServiceHarness()
        try harness.setUp([delay("wait", ["days": 1]), message("old", "Old words")])
        try harness.enroll("ann")
        let steps: JSON = [delay("wait", ["days": 3]), message("new", "New words")]
        try harness.call("workflow.update", ["workflow": "test", "changes": ["steps": steps]])
        try harness.enroll("ben")
        try harness.advance(to: "2026-03-09T15:00:00Z")
        #expect(
            harness.channels.received.map { $0.request["content"]?["text"] } == [
                "Old words", "New words",
            ])
        let dates = harness.published.filter { $0["type"] == "message.sent" }.map {
            $0["at"]?.string?.prefix(10)
        }
        #expect(dates == ["2026-03-03", "2026-03-05"])
    }

    @Test func anExitEndsALongDelayInItsOwnCommand() throws {
        let harness = try ServiceHarness()
        try harness.setUp(
            [delay("month", ["days": 30]), message("late")],
            exits: [["name": "paid", "when": ["signal": "invoice.paid"]]])
        try harness.enroll("ann")
        try harness.advance(to: "2026-03-15T15:00:00Z")
        let effect = try harness.call("signal.send", ["name": "invoice.paid", "contact": "ann"])
        #expect(effect["exited"] == 1)
        #expect(try harness.call("enrollment.get", ["enrollment": "en_1"])["exit"] == "paid")
        try harness.advance(to: "2026-05-01T15:00:00Z")
        #expect(harness.channels.received.isEmpty)
    }

    @Test func anExitFiresThoughTheWallClockWasSetBack() throws {
        let harness = try ServiceHarness()
        try harness.setUp(
            [delay("wait", ["days": 30]), message("late")],
            exits: [["name": "booked", "when": ["signal": "job.booked"]]])
        try harness.enroll("ann")
        try harness.crash(wakingAt: harness.clock.now - .minutes(20))
        let result = try harness.call(
            "signal.send", ["name": "job.booked", "contact": "ann"])
        #expect(result["exited"] == 1)
    }

    @Test func anotherZoneOfTheBusinessPlansAnew() throws {
        let harness = try ServiceHarness()
        try harness.setUp([
            ["id": "w", "kind": "delay", "for": ["days": 1], "at": "10:00"], message("m"),
        ])
        try harness.enroll("ann")
        #expect(
            try harness.call("enrollment.get", ["enrollment": "en_1"])["next_at"]
                == "2026-03-03T15:00:00Z")
        try harness.call("settings.put", ["time_zone": "America/Los_Angeles"])
        harness.settle()
        #expect(
            try harness.call("enrollment.get", ["enrollment": "en_1"])["next_at"]
                == "2026-03-03T18:00:00Z")
    }

    @Test func aMovedVisitMovesItsReminder() throws {
        let harness = try ServiceHarness()
        let before: JSON = [
            "id": "w", "kind": "delay", "for": ["days": -1], "from": "record.starts_at",
        ]
        try harness.setUp([before, message("m")])
        let record: JSON = [
            "type": "visit", "id": "v1", "fields": ["starts_at": "2026-03-10T15:00:00Z"],
        ]
        let contact: JSON = ["id": "ann", "fields": ["phone": "+15550001111"]]
        try harness.call(
            "enrollment.create", ["workflow": "test", "contact": contact, "record": record])
        try harness.call(
            "record.put",
            ["type": "visit", "id": "v1", "fields": ["starts_at": "2026-03-20T15:00:00Z"]])
        try harness.advance(to: "2026-03-18T15:00:00Z")
        #expect(harness.channels.received.isEmpty)
        try harness.advance(to: "2026-03-19T15:00:00Z")
        #expect(harness.channels.received.count == 1)
    }

    @Test func theStatisticsAddUp() throws {
        let harness = try ServiceHarness()
        try harness.setUp(
            [message("one"), delay("w", ["days": 1]), message("two")],
            exits: [["name": "paid", "when": ["signal": "invoice.paid"]]])
        for name in ["a", "b", "c"] { try harness.enroll(name) }
        harness.settle()
        try harness.call("signal.send", ["name": "invoice.paid", "contact": "a"])
        var stats = try harness.call("workflow.stats", ["workflow": "test"])
        #expect(stats["inside"] == 2)
        #expect(stats["exits"] == ["paid": 1])
        #expect(stats["steps"]?[1]?["inside"] == 2)
        try harness.advance(to: "2026-03-05T15:00:00Z")
        stats = try harness.call("workflow.stats", ["workflow": "test"])
        #expect(stats["inside"] == 0)
        #expect(stats["finished"] == 2)
        #expect(stats["steps"]?.array?.map { $0["reached"] } == [3, 3, 2])
        #expect(stats["steps"]?.array?.map { $0["inside"] } == [0, 0, 0])
        #expect(stats["steps"]?.array?.map { $0["sent"] } == [3, 0, 2])
    }
}
