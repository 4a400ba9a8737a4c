public import WorkflowModel

/// One row of the history, which is also one event of the feed.
public struct StoredEvent: Hashable, Sendable {
    /// Its position, from 1, without gaps.
    public var seq: Int64
    /// The position before it of the same family; 0 for the first.
    public let prev: Int64
    /// Its type, such as `message.sent`.
    public let type: String
    /// When it happened.
    public let at: Instant
    /// The row number of the version it is about.
    public let version: Int64?
    /// The contact's number.
    public let contact: Int64?
    /// The record's number.
    public let record: Int64?
    /// The enrollment's number.
    public let enrollment: Int64?
    /// What else is to say, as the text of a JSON object.
    public let body: String

    /// A row of the given parts.
    public init(
        seq: Int64 = 0, prev: Int64, type: String, at: Instant, version: Int64?, contact: Int64?,
        record: Int64?, enrollment: Int64?, body: String
    ) {
        self.seq = seq
        self.prev = prev
        self.type = type
        self.at = at
        self.version = version
        self.contact = contact
        self.record = record
        self.enrollment = enrollment
        self.body = body
    }

    /// The family of `type`: what stands before its dot.
    public static func family(of type: String) -> String {
        let dot = type.utf8.firstIndex(of: UInt8(ascii: "."))
        return String(type[..<(dot ?? type.endIndex)])
    }
}

/// Which rows of the history are listed or purged.
public struct HistoryFilter: Sendable {
    /// Only those of this contact.
    public var contact: Int64?
    /// Only those of this enrollment.
    public var enrollment: Int64?
    /// Only those of these workflows; empty for all.
    public var workflows: [Int64]
    /// Only these families; empty for all.
    public var families: [String]
    /// Only these types; empty for all.
    public var types: [String]

    /// A filter; nil and empty parts let everything pass.
    public init(
        contact: Int64? = nil, enrollment: Int64? = nil, workflow: Int64? = nil,
        families: [String] = [],
        types: [String] = []
    ) {
        self.contact = contact
        self.enrollment = enrollment
        workflows = workflow.map { [$0] } ?? []
        self.families = families
        self.types = types
    }

    fileprivate var clauses: (sql: String, arguments: [(any Bindable)?]) {
        var clauses: [String] = []
        var arguments: [(any Bindable)?] = []
        if let contact {
            clauses.append("contact_id = ?")
            arguments.append(contact)
        }
        if let enrollment {
            clauses.append("enrollment_id = ?")
            arguments.append(enrollment)
        }
        if !workflows.isEmpty {
            let marks = workflows.map { _ in "?" }.joined(separator: ", ")
            clauses.append(
                "version_id IN (SELECT id FROM workflow_version WHERE workflow_id IN (\(marks)))")
            arguments += workflows
        }
        if !families.isEmpty {
            clauses.append(
                "(" + families.map { _ in "type GLOB ?" }.joined(separator: " OR ") + ")")
            arguments += families.map { "\($0).*" }
        }
        if !types.isEmpty {
            clauses.append("type IN (" + types.map { _ in "?" }.joined(separator: ", ") + ")")
            arguments += types
        }
        return (clauses.map { " AND \($0)" }.joined(), arguments)
    }
}

extension StoreSession {
    private static let eventColumns =
        "seq, prev, type, at, version_id, contact_id, record_id, enrollment_id, body"

    /// Appends an event to the feed: `make` builds it around its position, and the one before it of its
    /// family.
    public func append(
        family: String, _ make: (_ seq: Int64, _ prev: Int64) -> StoredEvent
    ) -> StoredEvent {
        let event = make(working.top.counters.head + 1, working.position(of: family))
        working.top.append(event, family: family)
        return event
    }

    /// The event at position `seq`, or nil.
    public func event(_ seq: Int64) throws -> StoredEvent? {
        try row("SELECT \(Self.eventColumns) FROM history WHERE seq = ?", [seq], event)
    }

    /// Events behind position `after` that pass `filter`, in order; at most `limit`, and none behind the
    /// one with which their bodies exceed `bytes`.
    public func events(_ filter: HistoryFilter, after: Int64, limit: Int, bytes: Int = .max) throws
        -> [StoredEvent]
    {
        try events(filter, "seq > ?", after, "ORDER BY seq", limit, bytes)
    }

    /// Events before position `before` that pass `filter`, latest first; as many as
    /// ``events(_:after:limit:bytes:)`` gives.
    public func events(_ filter: HistoryFilter, before: Int64, limit: Int, bytes: Int = .max) throws
        -> [StoredEvent]
    {
        try events(filter, "seq < ?", before, "ORDER BY seq DESC", limit, bytes)
    }

    private func events(
        _ filter: HistoryFilter, _ bound: String, _ position: Int64, _ order: String, _ limit: Int,
        _ bytes: Int
    ) throws -> [StoredEvent] {
        let (clauses, arguments) = filter.clauses
        return try rows(
            "SELECT \(Self.eventColumns) FROM history WHERE \(bound)\(clauses) \(order) LIMIT ?",
            [position] + arguments + [limit], upTo: bytes, size: { $0.body.utf8.count }, event)
    }

    private func event(_ row: Columns) -> StoredEvent {
        StoredEvent(
            seq: row[0], prev: row[1], type: row[2], at: Instant(milliseconds: row[3]),
            version: row[4],
            contact: row[5], record: row[6], enrollment: row[7], body: row[8])
    }

    /// The last position that was ever given; 0 at the beginning.
    public var feedHead: Int64 { working.top.counters.head }

    /// The last position of `family`; 0 for none.
    public func position(of family: String) -> Int64 { working.position(of: family) }

    /// Removes up to `limit` rows that pass `filter` and happened before `cutoff`.
    ///
    /// Where the filter is empty, it removes from the first position on, up to the first row that did not:
    /// the feed then begins behind them. Moments do not grow with positions where the clock was set back.
    /// - Returns: how many were removed, and the highest position that is gone with all before it.
    public func purge(_ filter: HistoryFilter, before cutoff: Instant?, limit: Int) throws
        -> (removed: Int, floor: Int64?)
    {
        let (clauses, arguments) = filter.clauses
        let cutoff = cutoff?.milliseconds ?? .max
        guard clauses.isEmpty else {
            let removed = try run(
                "DELETE FROM history WHERE seq IN (SELECT seq FROM history WHERE at < ?\(clauses) LIMIT ?)",
                [cutoff] + arguments + [limit])
            return (removed, nil)
        }
        guard let bound = try lastPosition(before: cutoff, limit: limit) else { return (0, nil) }
        return (try run("DELETE FROM history WHERE seq <= ?", [bound]), bound)
    }

    /// The position up to which all of the first `limit` rows happened before `cutoff`, in milliseconds;
    /// nil where the first did not, or there is none.
    private func lastPosition(before cutoff: Int64, limit: Int) throws -> Int64? {
        var last: Int64?
        try rows(
            "SELECT seq, at FROM history ORDER BY seq LIMIT ?", [limit],
            while: { row in
                guard row[1] < cutoff else { return false }
                last = row[0]
                return true
            })
        return last
    }

    /// Writes another body into the row at `seq`.
    public func rewrite(_ seq: Int64, body: String) throws {
        try run("UPDATE history SET body = ? WHERE seq = ?", [body, seq])
    }
}
