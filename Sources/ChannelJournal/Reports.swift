public import ChannelKit
import GRDB
import JSONLines

/// Reports that wait until the host has stored them.
extension SendJournal {
    /// Keeps a report until it is acknowledged; one whose `event_id` is known already is ignored.
    ///
    /// On the disk on return.
    ///
    /// A final status also becomes what is known of its message, if it says more than before.
    /// - Returns: whether it is new.
    /// - Throws: ``JournalError``.
    @discardableResult
    public func addReport(_ line: ChannelLine) throws(JournalError) -> Bool {
        guard let eventID = line.eventID else { return false }
        var bytes: [UInt8] = []
        line.write(to: &bytes)
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        var isNew = false
        try write { db in
            try db.execute(
                sql:
                    "INSERT INTO report (event_id, at, line) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [eventID, now(), text])
            isNew = db.changesCount > 0
            guard isNew, case .status(_, let key, let answer) = line, !answer.mayPass,
                let answerText = answer.journalText
            else { return }
            try db.execute(
                sql: "UPDATE send SET answer = ? WHERE key = ?", arguments: [answerText, key])
        }
        return isNew
    }

    /// Reports that are not acknowledged, oldest first.
    /// - Throws: ``JournalError``.
    public func waitingReports(limit: Int = 1_000) throws(JournalError) -> [ChannelLine] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT line FROM report WHERE NOT acknowledged ORDER BY number LIMIT ?",
                arguments: [limit]
            ).compactMap { text in
                guard let json = try? JSON(parsing: Array(text.utf8)) else { return nil }
                return try? ChannelLine(json)
            }
        }
    }

    /// The host has stored the report.
    ///
    /// Its text is forgotten; that it came is remembered for ``retention``.
    /// - Throws: ``JournalError``; then it is reported again, which harms nothing.
    public func acknowledge(_ eventID: String) throws(JournalError) {
        try write { db in
            try db.execute(
                sql: "UPDATE report SET acknowledged = 1, line = '' WHERE event_id = ?",
                arguments: [eventID])
        }
    }
}
