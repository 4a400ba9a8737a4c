internal import GRDB

/// What SQLite itself holds to be true.
enum FileRules {
    static let all = [pages, foreignKeys, identity]

    /// How many of SQLite's complaints are counted.
    private static let mostComplaints = 1_000

    private static let pages = IntegrityRule(
        "file.pages", "SQLite finds the file damaged.",
        meaning:
            "Rows may be missing or wrong. Commands that meet them are refused with storage_failed.",
        cure: .restoreCure
    ) { db in
        var sightings = IntegrityRule.Sightings()
        let complaints = try String.fetchCursor(
            db, sql: "PRAGMA integrity_check(\(mostComplaints))")
        while let complaint = try complaints.next() {
            if complaint != "ok" { sightings.add(complaint) }
        }
        return sightings
    }

    private static let foreignKeys = IntegrityRule(
        "file.foreign_keys", "Rows refer to rows that are not there.",
        meaning: "A version of a workflow belongs to no workflow.", cure: .restoreCure,
        sql: "SELECT \"table\" || ' row ' || ifnull(rowid, '?') FROM pragma_foreign_key_check")

    private static let identity = IntegrityRule(
        "meta.identity", "The names of the service or of its feed are missing.",
        meaning:
            "The next start takes new ones: subscribers begin anew, and messages in doubt get new keys.",
        cure: .restoreCure,
        sql: """
            SELECT column1 FROM (VALUES ('instance'), ('epoch')) \
            WHERE column1 NOT IN (SELECT key FROM meta WHERE value <> '') \
            AND EXISTS (SELECT 1 FROM history)
            """)
}
