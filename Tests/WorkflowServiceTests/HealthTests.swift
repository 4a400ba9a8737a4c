import GRDB
import JSONLines
import Testing
import WorkflowModel
import WorkflowProtocol
import WorkflowService

/// What operators are told, by the whole service in this process.
struct HealthTests {
    private let harness: ServiceHarness

    init() throws {
        harness = try ServiceHarness()
        try harness.setUp([
            ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi"]],
            ["id": "pause", "kind": "delay", "for": ["days": 1]],
        ])
    }

    private func codes() throws -> [String] {
        let problems = try harness.call("system.health")["problems"]?.array ?? []
        return problems.compactMap { $0["code"]?.string }
    }

    private func metrics() throws -> Set<String> {
        let text = try harness.call("system.metrics")["metrics"]?.string ?? ""
        return Set(text.split(separator: "\n").map(String.init))
    }

    @Test func aServiceThatDoesItsWorkIsOK() throws {
        try harness.enroll("ann")
        harness.settle()
        let health = try harness.call("system.health")
        #expect(health["status"] == "ok")
        #expect(health["schema"] == "2-client-keys")
        #expect(health["schedule"] == ["due": 0, "oldest_seconds": 0])
        #expect(health["feed"]?["head"] == .integer(Int64(harness.published.count)))
        #expect(try metrics().contains("workflowd_enrollments_active 1"))
    }

    @Test func whatShouldHaveMovedIsToldWithItsAge() throws {
        harness.channels.change("sms") { $0.capacity = 0 }
        try harness.enroll("ann")
        try harness.enroll("ben")
        harness.turn()
        harness.clock.move(to: harness.clock.now + .hours(1))
        let health = try harness.call("system.health")
        #expect(health["channels"]?[0]?["waiting"] == 2)
        #expect(health["channels"]?[0]?["oldest_seconds"] == 3_600)
        #expect(try codes() == ["channel_late"])
    }

    @Test func aMessageInDoubtWaitsForAPerson() throws {
        harness.channels.answers = [.unknown(reason: "lost")]
        try harness.enroll("ann")
        harness.settle()
        #expect(try codes() == ["messages_in_doubt"])
        #expect(
            try metrics().contains(
                #"workflowd_messages_total{channel="sms",outcome="unknown"} 1"#))
        try harness.call(
            "execution.resolve", ["enrollment": "en_1", "step": "hello", "outcome": "sent"])
        #expect(try codes() == [])
    }

    @Test func anEventThatWasNotPublishedIsTold() throws {
        let put = #"{"op":"settings.put","args":{"time_zone":"Europe/London"}}"#
        let lost = harness.service.turn([harness.message(put)]).events
        #expect(lost.count == 1)
        #expect(try codes() == ["feed_behind"])
        harness.service.wasPublished(upTo: try #require(lost.last?.seq))
        #expect(try codes() == [])
    }

    @Test func whatTheSameTurnWritesIsNotBehind() throws {
        let replies = try harness.exchange(
            #"{"op":"settings.put","args":{"time_zone":"Europe/London"}}"#,
            #"{"op":"system.health"}"#)
        #expect(replies[0]["ok"] == true)
        #expect(replies[1]["result"]?["problems"] == [])
    }

    @Test func eachCommandIsCountedOnce() throws {
        try harness.call("contact.put", ["id": "ann", "fields": [:]])
        _ = try harness.reply("contact.put", ["id": 7])
        _ = try harness.reply("no.such", [:])
        _ = try harness.exchange("nonsense")
        // The first line is done and undone: it is refused as the second is.
        _ = try harness.exchange(
            #"{"batch":"atomic"}"#, #"{"op":"contact.put","args":{"id":"x","fields":{}}}"#,
            #"{"op":"contact.get","args":{"id":"nobody"}}"#)
        let lines = try metrics()
        for line in [
            #"workflowd_commands_total{op="contact.put",outcome="done"} 1"#,
            #"workflowd_commands_total{op="contact.put",outcome="refused"} 2"#,
            #"workflowd_commands_total{op="contact.get",outcome="refused"} 1"#,
            #"workflowd_commands_total{op="unknown",outcome="refused"} 2"#,
            #"workflowd_command_errors_total{code="batch_aborted"} 1"#,
            #"workflowd_command_errors_total{code="invalid_json"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func recoveryOfTheStoreIsNoticedThoughNobodyWrites() throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: harness.databasePath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let refused = try harness.reply("contact.put", ["id": "ann", "fields": [:]])
        #expect(refused["error"]?["code"] == "storage_failed")
        let health = try harness.call("system.health")
        #expect(health["status"] == "failing")
        #expect(health["problems"]?[0]?["code"] == "store_failing")
        #expect(health["store"]?["last_failure"]?["code"] == "busy")
        #expect(try metrics().contains("workflowd_health_status 2"))
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try codes().contains("store_failing"))
        harness.pass(.seconds(1))
        harness.turn()
        #expect(try !codes().contains("store_failing"))
    }

    @Test func aStoreThatCannotBeReadHidesNeitherHealthNorMetricsNorTheLogLevel() throws {
        let other = try DatabaseQueue(path: harness.databasePath)
        try other.write { try $0.execute(sql: "ALTER TABLE enrollment RENAME TO hidden") }
        #expect(try harness.reply("enrollment.list")["error"]?["code"] == "storage_failed")
        let health = try harness.call("system.health")
        #expect(health["problems"]?[0]?["code"] == "store_failing")
        #expect(health["schedule"] == nil)
        #expect(try metrics().contains("workflowd_health_status 2"))
        #expect(try harness.call("system.log_level", ["level": "debug"])["level"] == "debug")
        // Who comes with a key cannot be told from anybody else.
        let line = Array(#"{"op":"system.health"}"#.utf8)
        let message = IncomingMessage(envelope: [[1], []], body: line, caller: .key("somebody"))
        let answers = try harness.replies(harness.service.turn([message]))
        #expect(answers[0]["ok"] == false)
        try other.write { try $0.execute(sql: "ALTER TABLE hidden RENAME TO enrollment") }
        harness.pass(.seconds(1))
        harness.turn()
        #expect(try codes() == [])
    }

    @Test func nothingIsAcknowledgedThatAFailureUndidThoughItCannotBeReadEither() throws {
        let other = try DatabaseQueue(path: harness.databasePath)
        // What was put is answered, then the turn fails where its event is written, and reading at the
        // workflows.
        for table in ["history", "workflow"] {
            try other.write {
                try $0.execute(sql: "ALTER TABLE \(table) RENAME TO hidden_\(table)")
            }
        }
        let reply = try harness.reply("settings.put", ["time_zone": "Europe/London"])
        #expect(reply["error"]?["code"] == "storage_failed")
        #expect(try harness.call("settings.get")["time_zone"] != "Europe/London")
    }

    @Test func theLogLevelIsSetForAllLoggersUntilTheRestart() throws {
        #expect(try harness.call("system.log_level") == ["level": "info"])
        #expect(try harness.call("system.log_level", ["level": "trace"]) == ["level": "trace"])
        #expect(try harness.call("system.log_level") == ["level": "trace"])
        let wrong = try harness.reply("system.log_level", ["level": "loud"])
        #expect(wrong["error"]?["path"] == "args.level")
        let replies = try harness.exchange(
            #"{"batch":"atomic"}"#, #"{"op":"system.log_level","args":{"level":"error"}}"#)
        #expect(replies[0]["error"]?["code"] == "invalid_request")
        #expect(try harness.call("system.log_level") == ["level": "trace"])
        try harness.crash()
        #expect(try harness.call("system.log_level") == ["level": "info"])
    }
}
