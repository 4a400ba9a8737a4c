public import WorkflowModel

/// What operators ask: cheap also where a great many rows sleep.
extension StoreSession {
    /// How many enrollments are due in `lane` at `now`, counted up to `limit`.
    public func dueCount(in lane: Enrollment.Lane, at now: Instant, limit: Int) throws -> Int {
        Int(
            try integer(
                """
                SELECT count(*) FROM (SELECT 1 FROM enrollment \
                WHERE lane = ? AND due IS NOT NULL AND due <= ? LIMIT ?)
                """, [try number(of: lane), now.milliseconds, limit]) ?? 0)
    }

    /// How many messages wait for a person to say what became of them.
    public func messagesInDoubt() throws -> Int {
        Int(
            try integer(
                "SELECT count(*) FROM message WHERE state = ? AND state <= 1",
                [MessageState.unknown.rawValue]) ?? 0)
    }

    /// How many contacts are inside a workflow.
    public func activeEnrollments() throws -> Int {
        Int(
            try integer(
                "SELECT coalesce(sum(count), 0) FROM statistic WHERE step = '' AND metric = 'inside'"
            ) ?? 0)
    }

    /// The newest migration that the database has been through.
    public func schemaVersion() throws -> String {
        try connection.text("SELECT identifier FROM grdb_migrations ORDER BY rowid DESC LIMIT 1")
            ?? ""
    }
}
