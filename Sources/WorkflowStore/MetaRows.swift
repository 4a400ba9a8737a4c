import JSONLines
import OrderedCollections
public import WorkflowModel

/// Whose fields a stored reply tells, by number.
public enum ReplySubject: Hashable, Sendable {
    case contact(Int64)
    case record(Int64)

    /// What the keys of the rows begin with that name such replies: no client's key has a control character.
    fileprivate var prefix: String {
        switch self {
        case .contact(let id): "\u{1}contact-\(id)"
        case .record(let id): "\u{1}record-\(id)"
        }
    }
}

extension StoreSession {
    /// The text stored under `key`, or nil.
    public func meta(_ key: String) throws -> String? {
        try connection.text("SELECT value FROM meta WHERE key = ?", [key])
    }

    /// Stores `value` under `key`.
    public func setMeta(_ key: String, _ value: String) throws {
        try run("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])
    }

    /// Adds `delta` to a count of a workflow; `step` is empty for counts of the workflow itself.
    public func count(workflow: Int64, step: String, metric: String, by delta: Int) {
        working.top.count(
            CountKey(workflow: workflow, step: ExactText(step), metric: ExactText(metric)),
            by: delta)
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
        if let pending = working.find({ $0.replies[ExactText(key)] }) {
            return pending.at >= cutoff ? (pending.command, pending.reply) : nil
        }
        return try connection.row(
            "SELECT command, reply FROM idempotency WHERE key = ? AND at >= ?",
            [key, cutoff.milliseconds]
        ) { ($0[0], $0[1]) }
    }

    /// Stores the reply for idempotency key `key`; where it is `telling` somebody's fields, so that
    /// ``eraseReplies(telling:)`` finds it.
    public func storeReply(
        _ key: String, command: String, reply: String, at now: Instant,
        telling subject: ReplySubject? = nil
    ) throws {
        working.top.replies[ExactText(key)] =
            PendingReply(command: command, reply: reply, at: now)
        guard let subject else { return }
        working.top.replies[ExactText("\(subject.prefix):\(key)")] =
            PendingReply(command: key, reply: "", at: now)
    }

    /// Takes the fields of `subject` out of all replies that tell them.
    public func eraseReplies(telling subject: ReplySubject) throws {
        try run(
            """
            UPDATE idempotency SET reply = json_replace(reply, '$.result.fields', json('{}')) \
            WHERE key IN (SELECT command FROM idempotency WHERE key > ? AND key < ?)
            """, ["\(subject.prefix):", "\(subject.prefix);"])
    }

    /// Forgets up to `limit` replies from before `cutoff`.
    public func purgeReplies(before cutoff: Instant, limit: Int) throws {
        try run(
            "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE at < ? LIMIT ?)",
            [cutoff.milliseconds, limit])
    }
}
