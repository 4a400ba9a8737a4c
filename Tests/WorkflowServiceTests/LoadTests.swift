import JSONLines
import Testing
import WorkflowModel
import WorkflowProtocol
import WorkflowService

/// What one client asks for keeps no other waiting long, and memory stays bounded.
struct LoadTests {
    private func put(_ ids: Range<Int>) -> String {
        ids.map { #"{"id":\#($0),"op":"contact.put","args":{"id":"c-\#($0)"}}"# }
            .joined(separator: "\n")
    }

    @Test func aLongMessageIsExecutedOverManyTurns() throws {
        let harness = try ServiceHarness()
        harness.slowDown(.milliseconds(2))
        var output = harness.service.turn([harness.message(put(0..<200))])
        var turns = 1
        while output.replies.isEmpty {
            #expect(harness.service.nextTurn == .zero)
            output = harness.service.turn([])
            turns += 1
        }
        #expect(turns > 3)
        let ids = try harness.replies(output).map { $0["id"]?.integer }
        #expect(ids == (0..<200).map(Int64.init))
        #expect(harness.service.nextTurn > .zero)
    }

    @Test func othersAreAnsweredInBetween() throws {
        let harness = try ServiceHarness()
        harness.slowDown(.milliseconds(2))
        let long = (0..<5).map { harness.message(put(($0 * 100)..<($0 * 100 + 100))) }
        #expect(harness.service.turn(long).replies.isEmpty)
        let other = harness.message(#"{"op":"clock.get"}"#, from: 2)
        let replies = harness.service.turn([other]).replies
        #expect(replies.map(\.envelope) == [[[2], []]])
    }

    @Test func messagesOfOneClientAreAnsweredInTheirOrder() throws {
        let harness = try ServiceHarness()
        harness.slowDown(.milliseconds(3))
        let messages = (0..<40).map { number in
            harness.message(put(number..<number + 1 + number % 3), from: UInt8(number % 4))
        }
        var replies = harness.service.turn(messages).replies
        while replies.count < 40 { replies += harness.service.turn([]).replies }
        for client in 0..<4 {
            let ids = try replies.filter { $0.envelope[0] == [UInt8(client)] }.map { reply in
                try JSON(parsing: reply.body.prefix { $0 != 0x0A })["id"]?.integer
            }
            #expect(ids == stride(from: client, to: 40, by: 4).map(Int64.init))
        }
    }

    @Test func whatIsBeyondTheRoomIsRefusedAndMayComeAgain() throws {
        let harness = try ServiceHarness()
        let line = #"{"id":"big","op":"contact.get","args":{"id":"\#(padding(1_045_000))"}}"#
        let message = [line, line, line, line].joined(separator: "\n")
        harness.slowDown(.milliseconds(20))
        let first = harness.service.turn((0..<6).map { _ in harness.message(message) }).replies
        #expect(first.count == 2)
        for reply in try first.flatMap({ try lines(of: $0) }) {
            #expect(reply["id"] == "big")
            #expect(reply["error"]?["code"] == "overloaded")
            #expect(reply["error"]?["retry"] == "later")
            #expect(reply["error"]?["details"]?["retry_after_ms"]?.integer ?? 0 > 0)
        }
        // Another client has room of its own.
        let other = harness.service.turn([harness.message(#"{"op":"clock.get"}"#, from: 2)])
        #expect(try other.replies.flatMap { try lines(of: $0) }.contains { $0["ok"] == true })
        harness.slowDown(.zero)
        #expect(harness.service.turn([]).replies.count == 4)
        #expect(harness.service.turn([harness.message(message)]).replies.count == 1)
    }

    private func padding(_ bytes: Int) -> String { String(repeating: "x", count: bytes - 100) }

    private func lines(of reply: OutgoingMessage) throws -> [JSON] {
        try reply.body.split(separator: 0x0A).map { try JSON(parsing: $0) }
    }

    @Test func linesBehindAFullReplyAreNotExecuted() throws {
        let harness = try ServiceHarness()
        let data = #"{"note":"\#(padding(60_000))"}"#
        let contact = #"{"id":"c","fields":{}}"#
        let signal =
            #"{"op":"signal.send","args":{"name":"a.b","contact":\#(contact),"data":\#(data)}}"#
        try harness.exchange(Array(repeating: signal, count: 60).joined(separator: "\n"))
        let read = #"{"op":"events.read","args":{"after":0,"limit":1000}}"#
        let lines = Array(repeating: read, count: 20) + [#"{"op":"contact.put","args":{"id":"d"}}"#]
        var output = harness.service.turn([harness.message(lines.joined(separator: "\n"))])
        while output.replies.isEmpty { output = harness.service.turn([]) }
        #expect(output.replies[0].body.count < ProtocolLimits.replyBytes + (5 << 20))
        let replies = try harness.replies(output)
        #expect(replies.first?["ok"] == true)
        #expect(replies.last?["error"]?["code"] == "too_large")
        #expect(try harness.reply("contact.get", ["id": "d"])["error"]?["code"] == "not_found")
    }

    @Test func aPageOfLargeEventsGoesOnWhereItWasCut() throws {
        let harness = try ServiceHarness()
        let contact: JSON = ["id": "c", "fields": [:]]
        let data: JSON = ["note": .string(padding(60_000))]
        for _ in 0..<100 {
            try harness.call("signal.send", ["name": "a.b", "contact": contact, "data": data])
        }
        var (position, seen, pages) = (Int64(0), Int64(0), 0)
        while true {
            let page = try harness.call(
                "events.read", ["after": .integer(position), "limit": 1000])
            let events = page["events"]?.array ?? []
            if events.isEmpty { break }
            for event in events {
                #expect(event["seq"]?.integer == seen + 1)
                seen += 1
            }
            position = page["next"]?.integer ?? 0
            pages += 1
        }
        #expect(seen == 100)
        #expect(pages == 2)
    }

    @Test func aWorkflowIsEmptiedInPieces() throws {
        let harness = try ServiceHarness()
        try harness.setUp([["id": "wait", "kind": "delay", "for": ["days": 1]]])
        for part in 0..<3 {
            let contacts = (0..<1_000).map { number -> JSON in
                ["contact": ["id": .string("\(part)-\(number)"), "fields": [:]]]
            }
            try harness.call(
                "enrollment.create", ["workflow": "test", "contacts": .array(contacts)])
        }
        let first = try harness.call("workflow.delete", ["workflow": "test", "unenroll": true])
        #expect(first["deleted"] == false && first["more"] == true)
        #expect(first["unenrolled"] == 2_000)
        let second = try harness.call("workflow.delete", ["workflow": "test", "unenroll": true])
        #expect(second["deleted"] == true && second["more"] == false)
        #expect(second["unenrolled"] == 1_000)
    }

    @Test func anAtomicBatchEnrollsNoMoreThanABulk() throws {
        let harness = try ServiceHarness()
        try harness.setUp([["id": "wait", "kind": "delay", "for": ["days": 1]]])
        let contacts = (0..<600).map { #"{"contact":{"id":"\#($0)","fields":{}}}"# }
            .joined(separator: ",")
        let bulk =
            #"{"op":"enrollment.create","args":{"workflow":"test","contacts":[\#(contacts)]}}"#
        let replies = try harness.exchange(#"{"batch":"atomic"}"#, bulk, bulk)
        #expect(replies.last?["error"]?["code"] == "too_large")
        #expect(try harness.call("workflow.stats", ["workflow": "test"])["entered"] == 0)
    }

    @Test func fieldsThatGrowWithoutEndAreRefused() throws {
        let harness = try ServiceHarness()
        let text = JSON.string(padding(40_000))
        try harness.call("contact.put", ["id": "c", "fields": ["a": text]])
        let reply = try harness.reply("contact.put", ["id": "c", "fields": ["b": text]])
        #expect(reply["error"]?["code"] == "too_large")
        #expect(reply["error"]?["path"] == "args.fields")
        try harness.call("contact.put", ["id": "c", "fields": ["a": nil, "b": text]])
        let record = try harness.reply(
            "record.put", ["type": "job", "id": "j", "fields": ["a": text, "b": text]])
        #expect(record["error"]?["code"] == "too_large")
    }
}
