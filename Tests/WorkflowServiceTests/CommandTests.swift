import JSONLines
import Testing
import WorkflowService

/// What holds for every command: batches, keys, revisions, waiting.
struct CommandTests {
    private let message: JSON = [
        "id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"],
    ]

    @Test func aKeyReplaysAlsoAfterARestart() throws {
        let harness = try ServiceHarness()
        let first = try harness.reply(
            "contact.put", ["id": "a", "fields": ["n": 1]], ["key": "k1"])
        try harness.crash()
        let second = try harness.reply(
            "contact.put", ["id": "a", "fields": ["n": 1]], ["key": "k1"])
        #expect(second["replayed"] == true)
        #expect(second["result"] == first["result"])
        let other = try harness.reply(
            "contact.put", ["id": "a", "fields": ["n": 2]], ["key": "k1"])
        #expect(other["error"]?["code"] == "key_mismatch")
    }

    @Test func aRefusedCommandDoesNotUseUpItsKey() throws {
        let harness = try ServiceHarness()
        let early = try harness.reply("workflow.activate", ["workflow": "test"], ["key": "k1"])
        #expect(early["error"]?["code"] == "not_found")
        try harness.setUp([message])
        try harness.call("workflow.pause", ["workflow": "test"])
        let later = try harness.reply("workflow.activate", ["workflow": "test"], ["key": "k1"])
        #expect(later["ok"] == true)
    }

    @Test func anAtomicBatchOfStepsIsOneVersionAndOneRevision() throws {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        let replies = try harness.exchange(
            #"{"batch":"atomic"}"#,
            #"{"op":"step.create","args":{"workflow":"test","step":{"id":"a","kind":"exit"}},"if_rev":2}"#,
            #"{"op":"step.create","args":{"workflow":"test","step":{"id":"b","kind":"exit"}},"if_rev":2}"#,
            #"{"op":"step.move","args":{"workflow":"test","step":"b","place":{"before":"a"}},"if_rev":2}"#
        )
        #expect(replies.map { $0["ok"] } == [true, true, true])
        let workflow = try harness.call("workflow.get", ["workflow": "test"])
        #expect(workflow["version"] == 2)
        #expect(workflow["rev"] == 3)
        let steps = workflow["definition"]?["steps"]?.array?.map { $0["id"]?.string }
        #expect(steps == ["hello", "b", "a"])
    }

    @Test func anAtomicBatchWithAnErrorLeavesNothing() throws {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        let head = try harness.call("system.hello")["events"]?["head"]
        let replies = try harness.exchange(
            #"{"batch":"atomic"}"#,
            #"{"id":1,"op":"enrollment.create","args":{"workflow":"test","contact":{"id":"x","fields":{"phone":"+15550001111"}}}}"#,
            #"{"id":2,"op":"workflow.delete","args":{"workflow":"test"}}"#)
        #expect(replies[0]["error"]?["code"] == "batch_aborted")
        #expect(replies[1]["error"]?["code"] == "in_use")
        #expect(try harness.reply("contact.get", ["id": "x"])["error"]?["code"] == "not_found")
        harness.settle()
        #expect(harness.channels.received.isEmpty)
        #expect(try harness.call("system.hello")["events"]?["head"] == head)
        try harness.enroll("y")
        let seqs = harness.published.compactMap { $0["seq"]?.integer }
        #expect(seqs == Array(1...Int64(seqs.count)))
    }

    @Test func aChangeWithAnOldRevisionIsRefused() throws {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        let reply = try harness.reply(
            "workflow.update", ["workflow": "test", "changes": ["name": "x"]], ["if_rev": 1])
        #expect(reply["error"]?["code"] == "rev_mismatch")
        #expect(reply["error"]?["details"]?["rev"] == 2)
    }

    @Test func aReaderWaitsForTheNextEvent() throws {
        let harness = try ServiceHarness()
        let read =
            #"{"op":"events.read","args":{"after":0,"wait_ms":5000,"families":["settings"]}}"#
        #expect(try harness.exchange(read).isEmpty)
        harness.turn()
        let output = harness.service.turn([
            harness.message(#"{"op":"settings.put","args":{"time_zone":"UTC"}}"#, from: 2)
        ])
        let replies = try harness.replies(output)
        #expect(replies.count == 2)
        #expect(replies.contains { $0["result"]?["events"]?[0]?["type"] == "settings.updated" })
    }

    @Test func aReaderGetsAnEmptyPageWhenItsTimeIsOver() throws {
        let harness = try ServiceHarness()
        #expect(
            try harness.exchange(#"{"op":"events.read","args":{"after":0,"wait_ms":5000}}"#).isEmpty
        )
        harness.pass(.seconds(4))
        #expect(harness.service.nextTurn <= .seconds(1))
        #expect(harness.service.turn([]).replies.isEmpty)
        harness.pass(.seconds(1))
        let replies = try harness.replies(harness.service.turn([]))
        #expect(replies.first?["result"]?["events"] == [])
    }

    @Test func erasingAContactRedactsItsHistory() throws {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        try harness.enroll("ann")
        harness.settle()
        try harness.call("contact.delete", ["id": "ann"])
        let sent = try harness.call(
            "execution.list", ["contact": "ann", "types": ["message.sent"]])
        let event = sent["executions"]?[0]
        #expect(event?["redacted"] == true)
        #expect(event?["to"] == nil)
        #expect(event?["content"] == nil)
        #expect(try harness.reply("contact.get", ["id": "ann"])["error"]?["code"] == "not_found")
    }

    @Test func aPurgedFeedSaysWhereItBeginsNow() throws {
        let harness = try ServiceHarness()
        try harness.setUp([message])
        try harness.advance(to: "2026-03-03T15:00:00Z")
        try harness.call("execution.purge", ["before": "2026-03-03T00:00:00Z"])
        let reply = try harness.reply("events.read", ["after": 0])
        #expect(reply["error"]?["code"] == "events_truncated")
        let floor = reply["error"]?["details"]?["floor"]
        let events = try harness.call("events.read", ["after": floor ?? 0])["events"]?.array
        #expect(events?.map { $0["type"]?.string } == ["history.purged"])
    }
}
