import Foundation
internal import GRDB
internal import GRDBSQLite
import WorkflowModel

/// The SQLite database of one data directory.
///
/// Everything happens synchronously on the calling thread, which has to be the same one throughout:
/// the service's loop owns the store as it owns its sockets.
public final class Store {
    /// Where the database is.
    public let path: String
    /// The schema that the database had before it was opened; nil where it was new or had this program's.
    public let formerSchema: String?
    private let queue: DatabaseQueue
    private let files: DatabaseFiles
    private let lanes: LaneDirectory
    private let statements = StatementDirectory()
    private var committed = CommittedState()

    /// Opens the database at `path`, creates it where there is none, and migrates it to the newest schema.
    ///
    /// On return commits are durable against a loss of power: the journal is a write-ahead log with
    /// `synchronous=FULL`.
    /// - Throws: ``StoreError``; ``StoreError/newerSchema`` where a later program wrote the database,
    ///   ``StoreError/corrupt(_:)`` also where its write-ahead log would be dropped in silence.
    public init(path: String) throws(StoreError) {
        self.path = path
        try LogInspection(path: path).check()
        (queue, formerSchema) = try StoreError.translating { try Store.open(path) }
        files = DatabaseFiles(path: path)
        lanes = LaneDirectory()
        committed = try reading { session in
            try session.loadLanes()
            return try CommittedState(session.connection)
        }
    }

    private static func open(_ path: String) throws -> (DatabaseQueue, formerSchema: String?) {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.label = "workflows"
        configuration.maximumReaderCount = 1
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            // GRDB sets NORMAL when it turns on the write-ahead log, so FULL comes afterwards.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // A savepoint keeps the pages that it may have to undo; in memory, not in a temporary file.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA cache_size = -65536")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            // The log grows while a backup reads, and shrinks again afterwards.
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        try Schema.check(queue)
        return (queue, try Schema.migrate(queue))
    }

    /// Runs `body` in a transaction: committed and durable on return, undone where `body` throws.
    ///
    /// It takes the database's write lock with the first row that it writes; one that only reads takes none.
    ///
    /// After a failure the store is as it was and can be used again. Where syncing failed, what was
    /// written lies in the log behind its valid end, and the next commit overwrites it; only where the
    /// process is killed before one succeeds may the next start find it there, whole. Opening the database
    /// anew instead, as is advised for other databases, would bring that about.
    /// - Parameter writesEachAttempt: where one of several attempts breaks a rule of the database, that
    ///   fails the transaction when it is written at the end; with true each is written by itself, and
    ///   the one fails alone. That takes a savepoint for each.
    /// - Throws: what `body` throws; ``StoreError`` where the database fails;
    ///   ``StoreError/takenAway`` where its files are not in their place, before `body` is run.
    public func transaction<T>(
        writesEachAttempt: Bool = false, _ body: (StoreSession) throws -> T
    ) throws(StoreError) -> T {
        guard files.areInPlace else { throw .takenAway }
        return try run(writesEachAttempt, body)
    }

    /// Runs `body`, which only reads, on one snapshot; also where nothing can be written.
    /// - Throws: what `body` throws; ``StoreError`` where the database fails.
    public func reading<T>(_ body: (StoreSession) throws -> T) throws(StoreError) -> T {
        try run(false, body)
    }

    private func run<T>(
        _ writesEachAttempt: Bool, _ body: (StoreSession) throws -> T
    ) throws(StoreError) -> T {
        try StoreError.translating {
            try queue.writeWithoutTransaction { db in
                let session = StoreSession(
                    connection: StatementConnection(db: db, statements: statements), lanes: lanes,
                    working: WorkingSet(committed, writesEachAttempt: writesEachAttempt))
                let knownLanes = lanes.count
                do {
                    let (result, state) = try Store.committing(db) {
                        let result = try body(session)
                        try session.writeOut()
                        return (result, session.working.committed)
                    }
                    committed = state
                    return result
                } catch {
                    let isFull = Store.lacksRoom(error, db)
                    try? session.rollBackLanes(to: knownLanes)
                    throw isFull ? StoreError.full : error
                }
            }
        }
    }

    /// Whether `error` is one of input and output whose cause is a full disk, a quota or a limit of size:
    /// SQLite calls only the first kind `SQLITE_FULL`, and not in every place.
    private static func lacksRoom(_ error: any Error, _ db: Database) -> Bool {
        guard let error = error as? DatabaseError,
            [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode)
        else { return false }
        return [sqlite3_system_errno(db.sqliteConnection), lastErrorOfLog(db)]
            .contains { [ENOSPC, EDQUOT, EFBIG].contains($0) }
    }

    /// The system's number for the last failure on the write-ahead log: what a commit fails with, SQLite
    /// keeps there alone.
    private static func lastErrorOfLog(_ db: Database) -> Int32 {
        var log: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log)
        var error: Int32 = 0
        _ = log?.pointee.pMethods?.pointee.xFileControl?(log, SQLITE_FCNTL_LAST_ERRNO, &error)
        return error
    }

    private static func committing<T>(_ db: Database, _ body: () throws -> T) throws -> T {
        var result: T?
        try db.inTransaction(.deferred) {
            result = try body()
            return .commit
        }
        guard let result else { preconditionFailure("A committed transaction has a result.") }
        return result
    }

    /// Where the feed stands, as committed.
    public var feed: FeedPosition {
        FeedPosition(head: committed.counters.head, families: committed.families)
    }

    /// The `PRAGMA synchronous` in force; 2 is FULL.
    public var synchronous: Int {
        get throws { try queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 } }
    }

    /// Moves the write-ahead log into the database and closes it.
    ///
    /// Where that cannot be done, because the disk fails or is full or somebody reads the database just
    /// now, such as a backup, the log stays as it is: all of it was synced when it was committed, and
    /// the next start reads it.
    public func close() throws {
        if files.areInPlace {
            _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } else {
            keepLog()
        }
        statements.removeAll()
        try queue.close()
    }

    /// Lets SQLite remove no log when it closes: by its name it may be that of another database by now.
    private func keepLog() {
        queue.writeWithoutTransaction { db in
            var isKept: Int32 = 1
            _ = sqlite3_file_control(
                db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isKept)
        }
    }
}

/// An open transaction.
///
/// It must not outlive the closure that it was given to.
public struct StoreSession {
    let connection: StatementConnection
    let lanes: LaneDirectory
    let working: WorkingSet

    var db: Database { connection.db }

    /// Runs `body`; where it throws, what it decided is dropped and the transaction goes on.
    ///
    /// It costs nothing in the store, unless `body` reads what is not found by a key or runs a statement
    /// of its own: then there is a savepoint before it.
    public func attempt<T>(_ body: () throws -> T) throws -> T {
        working.begin()
        do {
            let result = try body()
            try working.merge(self)
            return result
        } catch {
            working.drop(self)
            throw error
        }
    }

    /// Writes what is decided, without committing it.
    public func writeOut() throws { try working.writeOut(self) }

    /// Whether anything has been decided that was not dropped since, be it written or not.
    public var hasChanged: Bool { working.hasChanged }

    /// Whether an enrollment may be among it.
    public var changesEnrollments: Bool { working.contains(\.changesEnrollments) }
}
