import Glibc

/// Files that nobody but their owner reads or writes, whatever their folder lets through and whatever the
/// umask of the process is.
public enum PrivateFile {
    /// Makes an empty file at `path` where there is none, and keeps others from one that is there.
    ///
    /// What cannot be done is left to whoever opens the file next, who has words for it.
    public static func prepare(_ path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return restrict(path) }
        fchmod(file, 0o600)
        close(file)
    }

    /// Makes an empty database at `path` where there is none, and keeps others from it and from what lies
    /// beside it: an earlier version may have made it for all to read.
    ///
    /// SQLite makes a write-ahead log and a journal with the mode of their database. To be called while
    /// this process does not have it open: closing a file lets go of its locks.
    ///
    /// Beside a log that has lost its database none is made: whoever opens it next has to be told.
    public static func prepareDatabase(_ path: String) {
        if access(path + "-wal", F_OK) != 0 { prepare(path) } else { restrict(path) }
        for suffix in ["-wal", "-shm", "-journal"] { restrict(path + suffix) }
    }

    /// Keeps others from the file at `path`, if there is one and it is this process's to say.
    static func restrict(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        chmod(path, 0o600)
    }
}
