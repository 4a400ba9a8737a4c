import Foundation
import GRDB
import Testing
import WorkflowStore

/// What is promised on opening a database, and what can be wrong with it.
struct StoreOpeningTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func error(at path: String) -> StoreError? {
        do {
            _ = try Store(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func commitsSurviveALossOfPower() throws {
        #expect(try scratch.open().synchronous == 2)
        // Also where the database is there already.
        #expect(try scratch.open().synchronous == 2)
        let mode = try DatabaseQueue(path: scratch.file).read {
            try String.fetchOne($0, sql: "PRAGMA journal_mode")
        }
        #expect(mode == "wal")
    }

    @Test func whatWasCommittedIsThereAfterOpeningAgain() throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        try store.close()
        #expect(try scratch.open().transaction { try $0.meta("a") } == "1")
    }

    @Test func closingLeavesNoLogBehind() throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        try store.close()
        let log = try? FileManager.default.attributesOfItem(atPath: scratch.file + "-wal")
        #expect((log?[.size] as? Int ?? 0) == 0)
    }

    @Test func aDatabaseOfALaterProgramIsRefusedAndLeftAlone() throws {
        try scratch.open().close()
        let queue = try DatabaseQueue(path: scratch.file)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9-later')") }
        try queue.close()
        guard case .newerSchema? = error(at: scratch.file) else {
            Issue.record("It was opened.")
            return
        }
        let names = try DatabaseQueue(path: scratch.file).read {
            try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
        }
        #expect(names.last == "9-later")
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        try Data("This is a letter, not a database. ".utf8.prefix(4_096)).write(
            to: URL(filePath: scratch.file))
        guard case .corrupt? = error(at: scratch.file) else {
            Issue.record("It was opened.")
            return
        }
        #expect(
            try String(contentsOfFile: scratch.file, encoding: .utf8).hasPrefix("This is a letter"))
    }

    @Test func aDamagedDatabaseIsRefused() throws {
        try scratch.open().close()
        let file = URL(filePath: scratch.file)
        var bytes = try Data(contentsOf: file)
        // The first page holds the schema; its header stays.
        for index in 100..<min(4_000, bytes.count) { bytes[index] = 0xA5 }
        try bytes.write(to: file)
        guard case .corrupt? = error(at: scratch.file) else {
            Issue.record("It was opened.")
            return
        }
    }

    @Test func aFolderThatIsNotThereCannotBeWritten() {
        guard case .readOnly? = error(at: scratch.file + "/none/workflows.db") else {
            Issue.record("It was opened.")
            return
        }
    }

    @Test(.disabled(if: geteuid() == 0, "Root may write everywhere."))
    func aFolderWithoutPermissionCannotBeWritten() throws {
        let folder = scratch.folder.path(percentEncoded: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        }
        guard case .readOnly? = error(at: scratch.file) else {
            Issue.record("It was opened.")
            return
        }
    }

    @Test func anotherProcessThatWritesIsNoticed() throws {
        let store = try scratch.open()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: scratch.file, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        do {
            try store.transaction { try $0.setMeta("a", "1") }
            Issue.record("It was written.")
        } catch {
            guard case .busy = error else {
                Issue.record("\(error)")
                return
            }
        }
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try store.transaction { try $0.setMeta("a", "1") }
    }
}
