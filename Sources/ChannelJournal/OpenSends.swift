import ChannelKit
import GRDB

/// What a channel that asks its provider later has to know.
extension SendJournal {
    /// A message whose fate may still change.
    public struct OpenSend: Hashable, Sendable {
        /// The message.
        public let key: String
        /// What the provider calls it.
        public let reference: String
        /// When it began to leave, in milliseconds since 1970.
        public let at: Int64
        /// What is known of it.
        public let answer: SendAnswer
    }

    /// Messages that the provider took (``SendAnswer/accepted`` or ``SendAnswer/sent``) and calls by a
    /// reference, oldest first.
    /// - Parameters:
    ///   - since: those that began to leave then or later, in milliseconds since 1970.
    ///   - limit: how many at most.
    /// - Throws: ``JournalError``.
    public func openSends(since: Int64 = 0, limit: Int = 1_000) throws(JournalError) -> [OpenSend] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT key, reference, at, answer FROM send
                    WHERE at >= ? AND reference IS NOT NULL
                        AND answer IN ('{"outcome":"accepted"}', '{"outcome":"sent"}')
                    ORDER BY at LIMIT ?
                    """, arguments: [since, limit]
            ).compactMap { row in
                guard let answer = SendAnswer(journal: row["answer"]) else { return nil }
                return OpenSend(
                    key: row["key"], reference: row["reference"], at: row["at"], answer: answer)
            }
        }
    }

    /// A word kept under `name`, such as how far a poller has read; nil where there is none.
    /// - Throws: ``JournalError``.
    public func mark(_ name: String) throws(JournalError) -> String? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT value FROM mark WHERE name = ?", arguments: [name])
        }
    }

    /// Keeps `value` under `name`; nil removes it.
    ///
    /// On the disk on return.
    /// - Throws: ``JournalError``.
    public func setMark(_ name: String, _ value: String?) throws(JournalError) {
        try write { db in
            guard let value else {
                return try db.execute(sql: "DELETE FROM mark WHERE name = ?", arguments: [name])
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)",
                arguments: [name, value])
        }
    }
}
