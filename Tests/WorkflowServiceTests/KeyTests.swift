import JSONLines
import Testing
import WorkflowProtocol
import ZeroMQ

@testable import WorkflowService

/// Keys and roles, without sockets.
struct KeyTests {
    @Test func everyCommandHasExactlyOneRole() {
        let listed = CommandTable.opsByRole.flatMap(\.ops)
        #expect(listed.sorted() == CommandTable.byOp.keys.sorted())
        #expect(CommandTable.opsByRole.map(\.role) == Role.allCases)
    }

    @Test func noReaderWrites() {
        for (op, command) in CommandTable.byOp where command.isWrite {
            #expect(CommandTable.role(for: op) ?? .admin > .reader, "\(op)")
        }
    }

    @Test func aRevocationThatIsUndoneRevokesNothing() throws {
        let harness = try ServiceHarness()
        let caller = try register("admin", in: harness)
        let output = harness.service.turn([
            message(
                #"{"batch":"atomic"}"#, #"{"op":"key.delete","args":{"name":"admin"}}"#,
                #"{"op":"contact.get","args":{"id":"nobody"}}"#, from: caller)
        ])
        #expect(!output.keysChanged)
        let after = try harness.replies(
            harness.service.turn([message(#"{"op":"key.list"}"#, from: caller)]))
        #expect(after[0]["ok"] == true)
    }

    @Test func subscribersAreCutWhereAKeyIsRevokedOrChanged() throws {
        let harness = try ServiceHarness()
        _ = try register("reader", in: harness)
        let changes = [
            (#"{"op":"key.update","args":{"name":"reader","role":"reader"}}"#, false),
            (#"{"op":"key.update","args":{"name":"reader","role":"author"}}"#, true),
            (#"{"op":"key.delete","args":{"name":"nobody"}}"#, false),
            (#"{"op":"key.delete","args":{"name":"reader"}}"#, true),
        ]
        for (line, cuts) in changes {
            #expect(
                harness.service.turn([message(line, from: .local)]).keysChanged == cuts, "\(line)")
        }
    }

    @Test func whatWaitsIsRefusedWhenItsKeyGoes() throws {
        let harness = try ServiceHarness()
        let caller = try register("reader", in: harness)
        let wait = #"{"op":"events.read","args":{"after":9,"wait_ms":60000}}"#
        #expect(harness.service.turn([message(wait, from: caller)]).replies.isEmpty)
        let output = harness.service.turn([
            message(#"{"op":"key.delete","args":{"name":"reader"}}"#, from: .local)
        ])
        let waiting = output.replies.filter { $0.caller == caller }
        #expect(waiting.count == 1)
        let reply = try JSON(parsing: try #require(waiting.first).body.dropLast())
        #expect(reply["error"]?["code"] == "forbidden")
    }

    @Test func aKeyOfNobodyMayDoNothing() throws {
        let harness = try ServiceHarness()
        for op in CommandTable.byOp.keys {
            let output = harness.service.turn([message(#"{"op":"\#(op)"}"#, from: .key(""))])
            let reply = try harness.replies(output)[0]
            #expect(reply["error"]?["code"] == "forbidden", "\(op)")
        }
    }

    private func register(_ role: String, in harness: ServiceHarness) throws -> Caller {
        let key = try CurveKeyPair().publicKey.text
        try harness.call(
            "key.create",
            ["name": .string(role), "role": .string(role), "public_key": .string(key)])
        return .key(key)
    }

    private func message(_ lines: String..., from caller: Caller) -> IncomingMessage {
        IncomingMessage(
            envelope: [[1], []], body: Array(lines.joined(separator: "\n").utf8), caller: caller)
    }
}
