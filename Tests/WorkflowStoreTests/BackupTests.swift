import Foundation
import GRDB
import Testing
import WorkflowModel

@testable import WorkflowStore

@Suite struct BackupTests {
    private let folder = NSTemporaryDirectory() + "backup-\(UInt64.random(in: 0 ... .max))"
    private var data: String { "\(folder)/data" }
    private let now = Instant(milliseconds: 1_772_463_600_000)

    private func fill(_ count: Int = 3) throws -> Store {
        try FileTree.makeFolder("\(data)/channels/email")
        let store = try Store(path: "\(data)/workflows.sqlite")
        try store.transaction { session throws in
            try session.setMeta("epoch", "first")
            for _ in 0..<count { session.append("contact.deleted") }
        }
        let journal = try DatabaseQueue(path: "\(data)/channels/email/journal.sqlite")
        try journal.write { try $0.execute(sql: "CREATE TABLE IF NOT EXISTS send (key TEXT)") }
        return store
    }

    @Test func aBackupIsMadeWhileTheStoreIsOpen() throws {
        defer { FileTree.remove(folder) }
        let store = try fill()
        let backup = try Backup.make(of: data, to: "\(folder)/b", at: now)
        #expect(backup.head == 3)
        #expect(backup.files == ["workflows.sqlite", "channels/email/journal.sqlite"])
        try store.transaction { _ = $0.append("contact.deleted") }
        #expect(try Backup(folder: "\(folder)/b").head == 3)
        #expect(try FileTree.names(in: folder) == ["b", "data"])
    }

    @Test func theStoreClosesWhileABackupReads() throws {
        defer { FileTree.remove(folder) }
        let store = try fill()
        let reader = try DatabaseQueue(path: "\(data)/workflows.sqlite")
        try reader.unsafeRead { db in
            try db.execute(sql: "BEGIN; SELECT count(*) FROM history")
            try store.transaction { _ = $0.append("contact.deleted") }
            try store.close()
            try db.execute(sql: "COMMIT")
        }
        try reader.close()
        let again = try Store(path: "\(data)/workflows.sqlite")
        #expect(again.feed.head == 4)
    }

    @Test func aRestoredFeedHasAnEpochOfItsOwnAndGoesOn() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        _ = try Backup.make(of: data, to: "\(folder)/b", at: now)
        let restored = try Backup(folder: "\(folder)/b").restore(
            to: "\(folder)/new", replacing: false, at: now)
        #expect(restored.movedAside == nil)
        let store = try Store(path: "\(folder)/new/workflows.sqlite")
        try store.transaction { session throws in
            #expect(try session.meta("epoch") == restored.epoch)
            #expect(restored.epoch != "first")
            #expect(session.feedHead == 3)
            session.append("contact.deleted")
            #expect(session.feedHead == 4)
            let next = try session.integer(
                "SELECT seq FROM sqlite_sequence WHERE name = 'enrollment'")
            #expect(next == 1_000_000)
        }
        #expect(FileTree.exists("\(folder)/new/channels/email/journal.sqlite"))
    }

    @Test func theServicesOwnKeyGoesWithIt() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        try FileTree.write(Array("secret".utf8), to: "\(data)/server.key")
        _ = try Backup.make(of: data, to: "\(folder)/b", at: now)
        _ = try Backup(folder: "\(folder)/b").restore(
            to: "\(folder)/new", replacing: false, at: now)
        let path = "\(folder)/new/server.key"
        #expect(FileManager.default.contents(atPath: path) == Data("secret".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func whatIsThereIsKeptOrMovedAside() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        let backup = try Backup.make(of: data, to: "\(folder)/b", at: now)
        #expect(throws: BackupError.self) {
            try backup.restore(to: data, replacing: false, at: now)
        }
        let restored = try backup.restore(to: data, replacing: true, at: now)
        let aside = try #require(restored.movedAside)
        #expect(FileTree.exists("\(aside)/workflows.sqlite"))
        #expect(try DatabaseCopy.facts("\(data)/workflows.sqlite").epoch == restored.epoch)
        #expect(try DatabaseCopy.facts("\(aside)/workflows.sqlite").epoch == "first")
    }

    @Test func aFolderThatIsThereIsNotReplaced() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        try FileTree.makeFolder("\(folder)/b")
        #expect(throws: BackupError.self) { try Backup.make(of: data, to: "\(folder)/b", at: now) }
        #expect(try FileTree.names(in: "\(folder)/b") == [])
    }

    @Test func damageIsFoundAndLeavesNothing() throws {
        defer { FileTree.remove(folder) }
        _ = try fill(2_000)
        let backup = try Backup.make(of: data, to: "\(folder)/b", at: now)
        let handle = try #require(FileHandle(forWritingAtPath: "\(folder)/b/workflows.sqlite"))
        try handle.seek(toOffset: 40_000)
        try handle.write(contentsOf: Data(repeating: 0xAB, count: 60_000))
        try handle.close()
        #expect(throws: BackupError.self) {
            try backup.restore(to: "\(folder)/new", replacing: false, at: now)
        }
        #expect(try FileTree.names(in: folder) == ["b", "data"])
    }

    @Test func aBackupWithoutItsFilesIsNone() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        _ = try Backup.make(of: data, to: "\(folder)/b", at: now)
        FileTree.remove("\(folder)/b/channels/email/journal.sqlite")
        #expect(throws: BackupError.self) { try Backup(folder: "\(folder)/b") }
        #expect(throws: BackupError.self) { try Backup(folder: data) }
    }

    @Test func aLockedDirectoryIsLeftAlone() throws {
        defer { FileTree.remove(folder) }
        _ = try fill()
        let backup = try Backup.make(of: data, to: "\(folder)/b", at: now)
        let lock = open("\(data)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        #expect(throws: BackupError.self) {
            try backup.restore(to: data, replacing: true, at: now)
        }
        #expect(try DatabaseCopy.facts("\(data)/workflows.sqlite").epoch == "first")
    }
}
