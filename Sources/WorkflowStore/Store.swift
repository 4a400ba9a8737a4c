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
            try db.execute(sql: "PRAGMA cache_size = -65536")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        }
        try Schema.check(queue)
        try Schema.migrator.migrate(queue)
        return queue
    }

    /// Runs `body` in a transaction: committed and durable on return, undone where `body` throws.
    /// - Throws: what `body` throws; ``StoreError`` where the database fails.
    public func transaction<T>(_ body: (StoreSession) throws -> T) throws(StoreError) -> T {
        try StoreError.translating {
            try queue.writeWithoutTransaction { db in
                var result: T?
                try db.inTransaction(.immediate) {
                    result = try body(StoreSession(db: db, lanes: lanes))
                    return .commit
                }
                guard let result else {
                    preconditionFailure("A committed transaction has a result.")
                }
                return result
            }
        }
    }

    /// The `PRAGMA synchronous` in force; 2 is FULL.
    public var synchronous: Int {
        get throws { try queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 } }
    }

    /// Moves the write-ahead log into the database and closes it.
    public func close() throws {
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try queue.close()
    }
}

/// An open transaction.
///
/// It must not outlive the closure that it was given to.
public struct StoreSession {
    let db: Database
    let lanes: LaneDirectory

    /// Runs `body`; where it throws, what it wrote is undone and the transaction goes on.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
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
            }
            throw error
        }
    }

    /// Executes a statement that is prepared once.
    @discardableResult
    func run(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        return db.changesCount
    }

    /// The first row, or nil.
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }

    /// What `map` makes of each row.
    func rows<T>(
        _ sql: String, _ arguments: StatementArguments = [], _ map: (Row) throws -> T
    ) throws -> [T] {
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        var results: [T] = []
        while let row = try cursor.next() { results.append(try map(row)) }
        return results
    }

    func integer(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }
}
