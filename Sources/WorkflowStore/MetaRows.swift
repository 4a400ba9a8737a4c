public import WorkflowModel

extension StoreSession {
    /// The text stored under `key`, or nil.
    public func meta(_ key: String) throws -> String? {
        try text("SELECT value FROM meta WHERE key = ?", [key])
    }

    /// Stores `value` under `key`.
    public func setMeta(_ key: String, _ value: String) throws {
        try run("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])
    }

    /// Adds `delta` to a count of a workflow; `step` is empty for counts of the workflow itself.
    public func count(workflow: Int64, step: String, metric: String, by delta: Int) throws {
        try run(
            """
            INSERT INTO statistic VALUES (?, ?, ?, ?) \
            ON CONFLICT DO UPDATE SET count = count + excluded.count
            """, [workflow, step, metric, delta])
    }

    /// The counts of `workflow` that are not zero.
    public func statistics(workflow: Int64) throws -> [(step: String, metric: String, count: Int)] {
        try rows(
            "SELECT step, metric, count FROM statistic WHERE workflow_id = ? AND count <> 0",
            [workflow]
        ) { ($0[0], $0[1], $0[2]) }
    }

    /// The reply stored for idempotency key `key` at `cutoff` or later, with the command it answered; nil
    /// for a new key.
    public func storedReply(_ key: String, since cutoff: Instant) throws -> (
        command: String, reply: String
    )? {
        try row(
            "SELECT command, reply FROM idempotency WHERE key = ? AND at >= ?",
            [key, cutoff.milliseconds]
        ) { ($0[0], $0[1]) }
    }

    /// Stores the reply for idempotency key `key`.
    public func storeReply(_ key: String, command: String, reply: String, at now: Instant) throws {
        try run(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)",
            [key, command, reply, now.milliseconds])
    }

    /// Forgets up to `limit` replies from before `cutoff`.
    public func purgeReplies(before cutoff: Instant, limit: Int) throws {
        try run(
            "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE at < ? LIMIT ?)",
            [cutoff.milliseconds, limit])
    }
}
