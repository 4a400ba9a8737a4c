public import ChannelKit
import Foundation
import GRDB
import JSONLines
import PrivateFiles

/// What a channel remembers of the messages that it was given: an SQLite file in its working folder.
///
/// It holds keys, outcomes and the provider's references; no address and no text. One process has it at
/// a time: a channel that is still finishing what it had lets its successor wait, so that both never
/// send the same message. Every write is on the disk on return (`synchronous=FULL`).
public final class SendJournal: Sendable {
    let database: DatabaseQueue
    let now: @Sendable () -> Int64
    let inProgress = KeysInProgress()
    private let lock: JournalLock

    /// How long a message is remembered: longer than any workflow tries one again.
    public static let retention = Duration.seconds(60 * 86_400)

    /// Opens or makes the journal at `path`, and drops what is older than ``retention``.
    ///
    /// - Parameters:
    ///   - patience: how long to wait for another process to let go of it.
    ///   - now: the real time in milliseconds since 1970, whatever clock the service goes by.
    /// - Throws: ``ConfigurationError``: it cannot be opened, is held, or is from a newer version.
    public init(
        path: String = "journal.sqlite", patience: Duration = .seconds(45),
        now: @escaping @Sendable () -> Int64 = SendJournal.machineTime
    ) throws(ConfigurationError) {
        self.now = now
        lock = try JournalLock(path: "\(path).lock", patience: patience)
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(5)
            configuration.label = "journal"
            PrivateFile.prepareDatabase(path)
            database = try DatabaseQueue(path: path, configuration: configuration)
            try database.writeWithoutTransaction { try Schema.prepare($0) }
            try forget(olderThan: Self.retention)
        } catch let error as DatabaseError {
            throw ConfigurationError("The journal cannot be used: \(error.resultCode).")
        } catch {
            throw ConfigurationError("The journal cannot be used: it is from a newer version.")
        }
    }

    /// The machine's clock in milliseconds since 1970.
    public static let machineTime: @Sendable () -> Int64 = {
        Int64(Date().timeIntervalSince1970 * 1_000)
    }

    private func forget(olderThan age: Duration) throws {
        let limit = now() - age.components.seconds * 1_000
        try database.write { db in
            try db.execute(sql: "DELETE FROM send WHERE at < ?", arguments: [limit])
            try db.execute(
                sql: "DELETE FROM report WHERE at < ? AND acknowledged", arguments: [limit])
        }
    }

    // MARK: Messages

    /// What is known of a message.
    public enum Memory: Hashable, Sendable {
        /// It never began to leave.
        case new
        /// It began to leave at that moment, in milliseconds since 1970, and nobody saw the answer.
        case begun(at: Int64)
        /// The provider's answer, and what the provider calls it.
        case settled(SendAnswer, reference: String?)
    }

    /// What is known of the message with `key`.
    /// - Throws: ``JournalError``.
    public func memory(of key: String) throws(JournalError) -> Memory {
        try read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT at, answer, reference FROM send WHERE key = ?",
                    arguments: [key])
            else { return .new }
            guard let text: String = row["answer"], let answer = SendAnswer(journal: text) else {
                return .begun(at: row["at"])
            }
            return .settled(answer, reference: row["reference"])
        }
    }

    /// Notes that the message with `key` begins to leave now.
    ///
    /// On the disk on return.
    /// - Parameters:
    ///   - thread: what it belongs to, such as an enrollment; see ``references(of:)``.
    ///   - attempt: which attempt it is, from 1.
    /// - Throws: ``JournalError``; then the message must not leave.
    public func begin(_ key: String, thread: String? = nil, attempt: Int = 1)
        throws(JournalError)
    {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO send (key, at, thread, attempt) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """, arguments: [key, now(), thread, attempt])
        }
    }

    /// Notes the provider's answer, unless a report has said more already.
    ///
    /// On the disk on return.
    ///
    /// A failure that may pass is forgotten instead, so that the key may go again.
    /// - Throws: ``JournalError``; the answer holds all the same.
    public func settle(_ key: String, _ answer: SendAnswer, reference: String? = nil)
        throws(JournalError)
    {
        if answer.mayPass { return try forget(key) }
        guard let text = answer.journalText else { return }
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO send (key, at, answer, reference) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET answer = coalesce(answer, excluded.answer),
                        reference = coalesce(excluded.reference, reference)
                    """, arguments: [key, now(), text, reference])
        }
    }

    /// Forgets a message that certainly did not go.
    /// - Throws: ``JournalError``.
    public func forget(_ key: String) throws(JournalError) {
        try write { db in
            try db.execute(sql: "DELETE FROM send WHERE key = ?", arguments: [key])
        }
    }

    /// Forgets what became of a message in attempts up to `attempt`.
    /// - Throws: ``JournalError``.
    func forget(_ key: String, through attempt: Int) throws(JournalError) {
        try write { db in
            try db.execute(
                sql: "DELETE FROM send WHERE key = ? AND attempt <= ?", arguments: [key, attempt])
        }
    }

    /// Why nobody knows what became of a message that began to leave; nil where the channel ended meanwhile.
    /// - Throws: ``JournalError``.
    func doubt(of key: String) throws(JournalError) -> String? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT doubt FROM send WHERE key = ?", arguments: [key])
        }
    }

    /// Notes why nobody knows what became of a message that began to leave; the first reason stays.
    /// - Throws: ``JournalError``.
    func setDoubt(_ key: String, _ reason: String) throws(JournalError) {
        try write { db in
            try db.execute(
                sql: "UPDATE send SET doubt = coalesce(doubt, ?) WHERE key = ?",
                arguments: [reason, key])
        }
    }

    /// The message that the provider calls `reference`.
    /// - Throws: ``JournalError``.
    public func key(reference: String) throws(JournalError) -> String? {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT key FROM send WHERE reference = ?", arguments: [reference])
        }
    }

    /// What the provider calls the messages of `thread` that went, oldest first, at most the last `limit`.
    /// - Throws: ``JournalError``.
    public func references(of thread: String, limit: Int = 20) throws(JournalError) -> [String] {
        try read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT reference FROM send
                    WHERE thread = ? AND reference IS NOT NULL AND answer IS NOT NULL
                    ORDER BY at DESC, rowid DESC LIMIT ?
                    """, arguments: [thread, limit]
            ).reversed()
        }
    }
}

/// The journal cannot be read or written: a full disk, for instance.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// SQLite's words, without any value.
    public let description: String
}

extension SendJournal {
    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try database.read(body) } catch { throw JournalError(error) }
    }

    func write(_ body: (Database) throws -> Void) throws(JournalError) {
        do { try database.write(body) } catch { throw JournalError(error) }
    }
}

extension JournalError {
    fileprivate init(_ error: any Error) {
        let code = (error as? DatabaseError)?.resultCode.description ?? "unreadable"
        description = "The channel's journal failed: \(code)."
    }
}
