internal import GRDB

/// Copies databases that are in use, and checks copies.
enum DatabaseCopy {
    /// Writes what the database at `path` holds at this moment into a new file at `target`.
    ///
    /// Others may go on writing meanwhile: `VACUUM INTO` reads one snapshot of the write-ahead log. The
    /// copy has no free pages, so nothing that was erased. It is not synced yet on return.
    /// Source: https://www.sqlite.org/lang_vacuum.html
    static func write(_ path: String, to target: String) throws {
        let queue = try open(path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [target])
        }
        try queue.close()
    }

    /// Throws where SQLite finds the file at `path` damaged.
    static func check(_ path: String) throws {
        let queue = try open(path)
        let complaint = try queue.read { db in
            try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
        }
        guard complaint == "ok" else { throw StoreError.corrupt("the integrity check failed") }
        try queue.close()
    }

    /// Throws where the file at `path` is no database of the service, or one of a later version.
    static func checkSchema(_ path: String) throws {
        let queue = try open(path)
        let isOurs = try queue.read { try $0.tableExists("meta") && $0.tableExists("history") }
        guard isOurs else { throw StoreError.corrupt("it has no history") }
        try Schema.check(queue)
        try queue.close()
    }

    /// What the database at `path` says of itself.
    static func facts(_ path: String) throws -> (epoch: String, head: Int64) {
        let queue = try open(path)
        defer { try? queue.close() }
        return try queue.read { db in
            let epoch = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'epoch'")
            let head = try Int64.fetchOne(
                db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'history'")
            return (epoch ?? "", head ?? 0)
        }
    }

    /// Numbers of enrollments that are left free behind a backup.
    ///
    /// Those that were given out after it may be known to providers, as parts of their idempotency keys.
    static let enrollmentGap: Int64 = 1_000_000

    /// Makes the database at `path` the beginning of a feed of its own: a new epoch, and no number of
    /// an enrollment that was given out after the backup.
    static func beginAnew(_ path: String, epoch: String) throws {
        let queue = try open(path)
        try queue.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", arguments: [epoch])
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'enrollment'",
                arguments: [enrollmentGap])
            if db.changesCount == 0 {
                try db.execute(
                    sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('enrollment', ?)",
                    arguments: [enrollmentGap])
            }
        }
        try queue.close()
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.label = "copy"
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
