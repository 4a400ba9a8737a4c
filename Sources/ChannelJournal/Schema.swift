import GRDB

/// The journal's tables, and the steps from older ones.
enum Schema {
    static func prepare(_ db: Database) throws {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version <= steps.count else { throw NewerVersion() }
        for (index, step) in steps.enumerated().dropFirst(version) {
            try db.inTransaction {
                try db.execute(sql: step)
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
                return .commit
            }
        }
    }

    struct NewerVersion: Error {}

    private static let steps = [
        """
        CREATE TABLE send (
            key TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            answer TEXT,
            reference TEXT,
            thread TEXT
        );
        CREATE INDEX send_reference ON send (reference) WHERE reference IS NOT NULL;
        CREATE INDEX send_thread ON send (thread, at) WHERE thread IS NOT NULL;
        CREATE INDEX send_at ON send (at);
        CREATE TABLE report (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            line TEXT NOT NULL,
            acknowledged INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX report_waiting ON report (number) WHERE NOT acknowledged;
        CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        ALTER TABLE send ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE send ADD COLUMN doubt TEXT;
        """,
    ]
}
