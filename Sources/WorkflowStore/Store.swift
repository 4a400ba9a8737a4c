import Foundation
internal import GRDB
import WorkflowModel

/// The SQLite database of one data directory.
///
/// Everything happens synchronously on the calling thread, which has to be the same one throughout:
/// the service's loop owns the store as it owns its sockets.
public final class Store {
    private let queue: DatabaseQueue
    private let lanes: LaneDirectory
    private let statements = StatementDirectory()

    /// Opens the database at `path`, creates it where there is none, and migrates it to the newest schema.
    ///
    /// On return commits are durable against a loss of power: the journal is a write-ahead log with
    /// `synchronous=FULL`.
    /// - Throws: ``StoreError``; ``StoreError/newerSchema`` where a later program wrote the database.
    public init(path: String) throws(StoreError) {
        queue = try StoreError.translating { try Store.open(path) }
        lanes = LaneDirectory()
        try transaction { session in try session.loadLanes() }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
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
        try Schema.migrator.migrate(queue)
        return queue
    }

    /// Runs `body` in a transaction: committed and durable on return, undone where `body` throws.
    /// - Throws: what `body` throws; ``StoreError`` where the database fails.
    public func transaction<T>(_ body: (StoreSession) throws -> T) throws(StoreError) -> T {
        try run(.immediate, body)
    }

    /// Runs `body`, which only reads, over one state of the database; also while another process holds
    /// it for writing, or the disk is full.
    /// - Throws: what `body` throws; ``StoreError`` where the database fails.
    public func reading<T>(_ body: (StoreSession) throws -> T) throws(StoreError) -> T {
        try run(.deferred, body)
    }

    private func run<T>(
        _ kind: Database.TransactionKind, _ body: (StoreSession) throws -> T
    ) throws(StoreError) -> T {
        try StoreError.translating {
            try queue.writeWithoutTransaction { db in
                let session = StoreSession(db: db, lanes: lanes, statements: statements)
                let knownLanes = lanes.count
                do {
                    return try Store.committing(db, kind) { try body(session) }
                } catch {
                    try? session.rollBackLanes(to: knownLanes)
                    throw error
                }
            }
        }
    }

    private static func committing<T>(
        _ db: Database, _ kind: Database.TransactionKind, _ body: () throws -> T
    ) throws -> T {
        var result: T?
        try db.inTransaction(kind) {
            result = try body()
            return .commit
        }
        guard let result else { preconditionFailure("A committed transaction has a result.") }
        return result
    }

    /// The `PRAGMA synchronous` in force; 2 is FULL.
    public var synchronous: Int {
        get throws { try queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 } }
    }

    /// Moves the write-ahead log into the database and closes it.
    ///
    /// Where somebody reads the database just now, such as a backup, the log stays as it is.
    public func close() throws {
        do {
            _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // All of it was synced when it was committed; the next start reads it.
        }
        statements.removeAll()
        try queue.close()
    }
}

/// An open transaction.
///
/// It must not outlive the closure that it was given to.
public struct StoreSession {
    let db: Database
    let lanes: LaneDirectory
    let statements: StatementDirectory

    /// Runs `body`; where it throws, what it wrote is undone and the transaction goes on.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        let knownLanes = lanes.count
        try run("SAVEPOINT command")
        do {
            let result = try body()
            try run("RELEASE command")
            return result
        } catch {
            // A full disk may have rolled everything back already.
            if db.isInsideTransaction {
                _ = try? run("ROLLBACK TO command")
                _ = try? run("RELEASE command")
                try? rollBackLanes(to: knownLanes)
            }
            throw error
        }
    }
}
