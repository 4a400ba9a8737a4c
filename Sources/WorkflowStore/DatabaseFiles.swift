import Foundation

/// The files of an open database, by which is noticed that somebody took them away.
///
/// SQLite goes on with the files that it opened, wherever they are now: what is committed into a file
/// that has no name any more is gone when the process ends.
struct DatabaseFiles {
    private let path: String
    private let database: Identity?
    private let log: Identity?

    /// The files of the database at `path`, which is open and has been read.
    init(path: String) {
        self.path = path
        database = Identity(path)
        log = Identity(path + "-wal")
    }

    /// Whether the files under the database's names are still those that were opened.
    var areInPlace: Bool { isInPlace(path, database) && isInPlace(path + "-wal", log) }

    /// A file that cannot be looked at, because of the permissions of its folder, is taken to be there.
    private func isInPlace(_ path: String, _ opened: Identity?) -> Bool {
        guard let opened else { return true }
        if let found = Identity(path) { return found == opened }
        return errno != ENOENT && errno != ENOTDIR
    }

    private struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }
}
