import Foundation
import WorkflowModel

extension Backup {
    /// What a restoration did.
    public struct Restored: Sendable {
        /// The feed's new epoch.
        public let epoch: String
        /// Where the data are that were there before; nil where there were none.
        public let movedAside: String?
        /// How many checks found something in the backup that cannot be so, though SQLite finds its pages
        /// sound; see ``IntegrityCheck``.
        public let findings: Int
    }

    /// Puts this backup into the data directory `data`, which must have no service at work in it.
    ///
    /// Its feed gets a new epoch, by which subscribers notice that positions begin anew. The directory
    /// appears whole or not at all.
    /// - Parameter replacing: whether data that are there may be moved aside.
    /// - Throws: ``BackupError``; then the directory is as it was.
    public func restore(to data: String, replacing: Bool, at now: Instant) throws(BackupError)
        -> Restored
    {
        let data = data.withoutSlashAtEnd
        let lock = try FolderLock(data)
        defer { lock?.release() }
        let holdsData = FileTree.names(in: data).contains { $0 != "lock" }
        guard !holdsData || replacing else { throw .holdsData(data) }
        let fresh = "\(data).restoring-\(RandomName.make(6))"
        do {
            let epoch = try prepare(fresh)
            let findings = try IntegrityCheck(folder: fresh).run().findings.count
            let aside = try moveAside(data, holdsData, now)
            try put(fresh, in: data, orBack: aside)
            return Restored(epoch: epoch, movedAside: aside, findings: findings)
        } catch {
            FileTree.remove(fresh)
            throw BackupError(error, path: folder)
        }
    }

    /// Builds the data directory under another name.
    /// - Returns: the new epoch.
    private func prepare(_ fresh: String) throws -> String {
        try FileTree.makeFolder(fresh)
        for file in files {
            let copy = "\(fresh)/\(file)"
            try FileTree.makeFolder(FileTree.parent(of: copy))
            try FileTree.copy("\(folder)/\(file)", to: copy)
            try DatabaseCopy.check(copy)
        }
        try Self.copyServerKey(from: folder, to: fresh)
        let epoch = RandomName.make(12)
        try DatabaseCopy.checkSchema("\(fresh)/\(Self.database)")
        try DatabaseCopy.beginAnew("\(fresh)/\(Self.database)", epoch: epoch)
        try FileTree.syncAll(fresh)
        return epoch
    }

    private func put(_ fresh: String, in data: String, orBack aside: String?) throws {
        do {
            try FileTree.rename(fresh, to: data)
        } catch {
            if let aside { try? FileTree.rename(aside, to: data) }
            throw error
        }
    }

    private func moveAside(_ data: String, _ holdsData: Bool, _ now: Instant) throws -> String? {
        guard FileTree.exists(data) else { return nil }
        guard holdsData else {
            FileTree.remove("\(data)/lock")
            return nil
        }
        let stamp = now.rfc3339.prefix(19).replacing(":", with: "")
        let aside = "\(data).before-restore-\(stamp)-\(RandomName.make(4))"
        try FileTree.rename(data, to: aside)
        return aside
    }
}

/// The lock of a data directory, held so that no service starts in the middle of a restoration.
private struct FolderLock {
    private let descriptor: Int32

    /// Nil where there is no such directory yet.
    init?(_ folder: String) throws(BackupError) {
        guard FileTree.exists(folder) else { return nil }
        descriptor = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .file(folder, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(folder)
        }
    }

    func release() { close(descriptor) }
}

extension String {
    fileprivate var withoutSlashAtEnd: String {
        var text = self
        while text.count > 1, text.last == "/" { text.removeLast() }
        return text
    }
}
