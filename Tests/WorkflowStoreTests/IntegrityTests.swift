import Foundation
import GRDB
import Testing
import WorkflowModel

@testable import WorkflowStore

/// A sound database is sound; each kind of damage is found, and by its own check.
struct IntegrityTests {
    private let scratch: SoundDatabase

    init() throws { scratch = try SoundDatabase() }

    private func report() throws -> IntegrityReport {
        try IntegrityCheck(folder: scratch.folder).run()
    }

    @Test func aSoundDatabaseIsSound() throws {
        let report = try report()
        #expect(report.findings == [])
        #expect(report.head == 7)
        #expect(report.enrollments == 3)
        #expect(Set(report.checks).count == report.checks.count)
    }

    /// What was done to the database, and the checks that are to find it.
    private static let damages: [(sql: String, checks: [String])] = [
        ("DELETE FROM history WHERE seq = 4", ["feed.gaps", "feed.prev", "statistic.step"]),
        (
            "UPDATE sqlite_sequence SET seq = 6 WHERE name = 'history'",
            ["feed.positions", "feed.family", "feed.sequence"]
        ),
        ("UPDATE history SET prev = 2 WHERE seq = 7", ["feed.prev"]),
        ("UPDATE history SET prev = 7 WHERE seq = 7", ["feed.prev"]),
        ("UPDATE family SET seq = 3 WHERE name = 'enrollment'", ["feed.family"]),
        ("UPDATE family SET seq = 4 WHERE name = 'workflow'", ["feed.family"]),
        ("DELETE FROM family WHERE name = 'message'", ["feed.family"]),
        ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'enrollment'", ["feed.sequence"]),
        ("UPDATE history SET body = '{' WHERE seq = 2", ["feed.bodies"]),
        ("UPDATE history SET at = 9e17 WHERE seq = 2", ["feed.moments"]),
        ("UPDATE history SET contact_id = 99 WHERE seq = 7", ["feed.references"]),
        ("DELETE FROM meta WHERE key = 'epoch'", ["meta.identity"]),
        ("UPDATE workflow SET version_id = 9", ["workflow.version"]),
        ("UPDATE enrollment SET version_id = 9 WHERE id = 3", ["enrollment.version"]),
        ("UPDATE enrollment SET contact_id = 9 WHERE id = 3", ["enrollment.contact"]),
        ("UPDATE enrollment SET record_id = 9 WHERE id = 3", ["enrollment.record"]),
        (
            "DROP INDEX contact_phone; DROP INDEX contact_email; UPDATE contact SET fields = 'no' WHERE id = 1",
            ["contact.fields"]
        ),
        (
            "UPDATE contact SET erased = 1, fields = '{\"first_name\":\"Cid\"}' WHERE id = 3",
            ["contact.erased"]
        ),
        ("UPDATE contact SET erased = 1 WHERE id = 1", ["contact.erased"]),
        (
            """
            UPDATE contact SET erased = 1 WHERE id = 3; INSERT INTO signal \
            (contact_id, record_id, name, at, data) VALUES (3, 0, 'sms.replied', 1, '{}')
            """, ["contact.erased"]
        ),
        (
            """
            UPDATE contact SET erased = 1 WHERE id = 3; UPDATE history \
            SET body = '{"data":{"text":"hi"}}' WHERE seq = 7
            """, ["contact.erased"]
        ),
        ("UPDATE workflow_version SET definition = '{}'", ["workflow.definition"]),
        (
            "UPDATE workflow_version SET definition = replace(definition, 'Hi', 'Ho')",
            ["workflow.definition"]
        ),
        ("UPDATE template SET definition = '[]'", ["template.definition"]),
        ("UPDATE enrollment SET node = 3 WHERE id = 3", ["enrollment.step"]),
        ("UPDATE enrollment SET phase = 9 WHERE id = 1", ["enrollment.state"]),
        ("UPDATE enrollment SET due = NULL WHERE id = 1", ["enrollment.stuck"]),
        ("UPDATE enrollment SET lane = -1, due = NULL WHERE id = 1", ["enrollment.stuck"]),
        ("UPDATE enrollment SET lane = 7 WHERE id = 1", ["enrollment.queue"]),
        ("UPDATE enrollment SET ended = NULL WHERE id = 3", ["enrollment.end"]),
        ("UPDATE enrollment SET contact_id = 1 WHERE id = 2", ["enrollment.twice"]),
        ("UPDATE enrollment SET due = 9e17 WHERE id = 1", ["enrollment.moments"]),
        ("DELETE FROM message", ["message.missing"]),
        ("UPDATE message SET node = 1", ["message.open", "message.missing"]),
        ("UPDATE message SET enrollment_id = 9", ["message.enrollment", "message.missing"]),
        ("UPDATE message SET seq = 8", ["message.position"]),
        ("UPDATE statistic SET count = 5 WHERE metric = 'inside'", ["statistic.workflow"]),
        ("UPDATE statistic SET count = 5 WHERE metric = 'sent'", ["statistic.step"]),
        ("DELETE FROM statistic WHERE metric = 'sent'", ["statistic.step"]),
    ]

    @Test(arguments: HoldReason.allCases)
    func aMessageThatGoesAgainIsNoDamage(_ reason: HoldReason) throws {
        try scratch.change(
            "UPDATE enrollment SET phase = 3, hold = \(reason.rawValue), lane = 0, due = 1 WHERE id = 2"
        )
        #expect(try report().findings.map(\.check) == (reason.isRepetition ? [] : ["message.open"]))
    }

    @Test(arguments: damages.indices)
    func damageIsFound(_ index: Int) throws {
        let damage = Self.damages[index]
        try scratch.change(damage.sql)
        let report = try report()
        #expect(
            report.findings.map(\.check) == report.checks.filter(damage.checks.contains),
            "\(damage.sql)")
        #expect(report.findings.allSatisfy { !$0.examples.isEmpty && $0.count > 0 })
    }

    @Test func everyCheckOfRowsHasItsDamage() {
        let found = Set(Self.damages.flatMap(\.checks))
        let rules = Set(IntegrityCheck.rules.map(\.check))
        #expect(rules.subtracting(found) == ["file.pages", "file.foreign_keys"])
    }

    @Test func aVersionWithoutAWorkflowIsFound() throws {
        try scratch.change("PRAGMA foreign_keys = OFF; DELETE FROM workflow")
        #expect(try report().findings.map(\.check).contains("file.foreign_keys"))
    }

    @Test func whatWasPurgedIsNotMissed() throws {
        let store = try Store(path: scratch.file)
        try store.transaction { session in
            _ = try session.purge(HistoryFilter(contact: 1), before: nil, limit: 10)
            session.append("history.purged", at: 9, body: #"{"rows":2}"#)
        }
        try store.close()
        #expect(try report().findings == [])
        try scratch.change("DELETE FROM history WHERE seq = 1")
        #expect(try report().findings.map(\.check) == ["feed.gaps"])
    }

    @Test func garbageInAPageIsFound() throws {
        let queue = try DatabaseQueue(path: scratch.file)
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'template'"
        let page = try #require(try queue.read { try UInt64.fetchOne($0, sql: sql) })
        try queue.close()
        let handle = try #require(FileHandle(forWritingAtPath: scratch.file))
        try handle.seek(toOffset: (page - 1) * 4_096)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
        try handle.close()
        #expect(try report().findings.map(\.check).contains("file.pages"))
    }

    @Test func whatIsNoDatabaseIsUnreadable() throws {
        try Data("This is a letter. ".utf8).write(to: URL(filePath: scratch.file))
        #expect(try report().findings.map(\.check) == ["file.readable"])
    }

    @Test func aLogWithoutItsDatabaseIsUnreadable() throws {
        try FileManager.default.removeItem(atPath: scratch.file)
        try Data(repeating: 1, count: 5_000).write(to: URL(filePath: scratch.file + "-wal"))
        #expect(try report().findings.map(\.check) == ["file.readable"])
    }

    @Test func aDamagedJournalIsFound() throws {
        try FileTree.makeFolder("\(scratch.folder)/channels/email")
        try Data("no journal".utf8).write(
            to: URL(filePath: "\(scratch.folder)/channels/email/journal.sqlite"))
        let findings = try report().findings
        #expect(findings.map(\.check) == ["journal.pages"])
        #expect(findings.first?.examples == ["channels/email/journal.sqlite"])
    }

    @Test func aRunningServiceIsLookedAtAndLeftAlone() throws {
        let store = try Store(path: scratch.file)
        try store.transaction { try $0.setMeta("a", "1") }
        #expect(try report().isSound)
        try store.transaction { try $0.setMeta("a", "2") }
        #expect(try store.transaction { try $0.meta("a") } == "2")
    }

    /// SQLite may leave an empty log behind where there was none.
    @Test func nothingIsChanged() throws {
        let bytes = FileManager.default.contents(atPath: scratch.file)
        _ = try report()
        #expect(FileManager.default.contents(atPath: scratch.file) == bytes)
        #expect(FileManager.default.contents(atPath: scratch.file + "-wal") ?? Data() == Data())
    }

    @Test func whereThereIsNoDatabase() {
        #expect(throws: BackupError.self) { try IntegrityCheck(folder: scratch.folder + "/none") }
    }

    @Test func aRestoredBackupTellsItsDamage() throws {
        try scratch.change("UPDATE enrollment SET due = NULL WHERE id = 1")
        let target = scratch.folder + "-backup"
        defer { for name in ["-backup", "-new"] { FileTree.remove(scratch.folder + name) } }
        let backup = try Backup.make(of: scratch.folder, to: target, at: .at(0))
        let restored = try backup.restore(to: scratch.folder + "-new", replacing: false, at: .at(0))
        #expect(restored.findings == 1)
    }
}
