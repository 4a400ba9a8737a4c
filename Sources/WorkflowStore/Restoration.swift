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
    /// Its feed gets a new epoch, by which subscribers notice that positions begin anew. At any moment the
    /// directory is there whole, as it was or as it will be. Where the file system cannot exchange two
    /// folders in one step, there is a moment without it, in which a note keeps a service from starting;
    /// see ``InterruptedRestoration``.
    /// - Parameter replacing: whether data that are there may be moved aside.
    /// - Throws: ``BackupError``; then the directory is as it was.
    public func restore(to data: String, replacing: Bool, at now: Instant) throws(BackupError)
        -> Restored
    {
        let data = FileTree.resolved(data)
        let lock = try FolderLock(data)
        defer { lock?.release() }
        let fresh = "\(data).restoring-\(RandomName.make(6))"
        do {
            let holdsData = try FileTree.names(in: data).contains { $0 != "lock" }
            guard !holdsData || replacing else { throw BackupError.holdsData(data) }
            let epoch = try prepare(fresh)
            let findings = try IntegrityCheck(folder: fresh).run().findings.count
            try FileTree.giveAway(fresh, toOwnerOf: data)
            let aside = try put(fresh, in: data, at: now)
            InterruptedRestoration.end(data)
            if let aside, !holdsData { FileTree.remove(aside) }
            return Restored(
                epoch: epoch, movedAside: holdsData ? aside : nil, findings: findings)
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

    /// Lets the folder `fresh` stand for `data`.
    /// - Returns: where lies what was there before; nil where there was nothing.
    private func put(_ fresh: String, in data: String, at now: Instant) throws -> String? {
        guard FileTree.exists(data) else {
            try FileTree.rename(fresh, to: data)
            return nil
        }
        let stamp = now.rfc3339.prefix(19).replacing(":", with: "")
        let aside = "\(data).before-restore-\(stamp)-\(RandomName.make(4))"
        // Under this name first, so that what was there before never lies under that of a copy which was
        // not finished and can be thrown away.
        try FileTree.rename(fresh, to: aside)
        let isExchanged = Result { try FileTree.exchange(aside, data) }
        if case .success(true) = isExchanged { return aside }
        do { try FileTree.rename(aside, to: fresh) } catch {
            FileTree.remove(aside)
            throw error
        }
        _ = try isExchanged.get()
        try putInTwoSteps(fresh, in: data, aside)
        return aside
    }

    private func putInTwoSteps(_ fresh: String, in data: String, _ aside: String) throws {
        do {
            try InterruptedRestoration.begin(data, aside: aside)
            try FileTree.rename(data, to: aside)
        } catch {
            // The note stays where the data could not be put back.
            if FileTree.exists(data) { InterruptedRestoration.end(data) }
            throw error
        }
        do {
            try FileTree.rename(fresh, to: data)
        } catch {
            try FileTree.rename(aside, to: data)
            InterruptedRestoration.end(data)
            throw error
        }
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
