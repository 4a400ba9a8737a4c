import OrderedCollections
public import WorkflowModel

/// An enrollment with what connects it to the other tables.
public struct StoredEnrollment: Sendable {
    /// What the engine works on.
    public var enrollment: Enrollment
    /// The workflow's number.
    public let workflow: Int64
    /// The number of the version that it is pinned to.
    public let version: Int64
    /// The contact's number.
    public let contact: Int64
    /// The record's number; 0 for none.
    public let record: Int64
    /// How it came in, as JSON.
    public let source: String?
    /// When it ended.
    public var ended: Instant?
}

/// What an enrollment is made of before it has a number.
public struct NewEnrollment {
    /// The workflow's number.
    public var workflow: Int64
    /// The version's number.
    public var version: Int64
    /// The contact's number.
    public var contact: Int64
    /// The record's number; 0 for none.
    public var record: Int64
    /// How it came in, as JSON.
    public var source: String?

    /// A new enrollment of `contact`.
    public init(workflow: Int64, version: Int64, contact: Int64, record: Int64, source: String?) {
        self.workflow = workflow
        self.version = version
        self.contact = contact
        self.record = record
        self.source = source
    }
}

/// Which enrollments are listed.
public struct EnrollmentFilter: Sendable {
    /// Only those of this contact.
    public var contact: Int64?
    /// Only those of this workflow.
    public var workflow: Int64?
    /// Only those in this status.
    public var status: Enrollment.Status?

    /// A filter; nil parts let everything pass.
    public init(contact: Int64? = nil, workflow: Int64? = nil, status: Enrollment.Status? = nil) {
        self.contact = contact
        self.workflow = workflow
        self.status = status
    }
}

extension StoreSession {
    private static let columns = """
        id, workflow_id, version_id, contact_id, record_id, status, phase, node, enrolled, reached, due, \
        lane, variant, attempt, hold, trail, exit, signal_floor, ended, source
        """

    /// Stores a new enrollment that `make` builds around its number.
    public func insert(_ new: NewEnrollment, _ make: (Int64) -> Enrollment) throws
        -> StoredEnrollment
    {
        working.top.counters.enrollment += 1
        let stored = StoredEnrollment(
            enrollment: make(working.top.counters.enrollment), workflow: new.workflow,
            version: new.version, contact: new.contact, record: new.record, source: new.source,
            ended: nil)
        working.top.insert(stored)
        return stored
    }

    /// Stores what has changed of an enrollment.
    public func update(_ stored: StoredEnrollment) throws {
        working.top.put(stored)
    }

    /// Whether enrollment `id` is not in the store yet.
    func isNew(enrollment id: Int64) -> Bool {
        working.contains { $0.enrollments[id]?.isNew == true }
    }

    /// Enrollment `id`, or nil.
    public func enrollment(_ id: Int64) throws -> StoredEnrollment? {
        if let pending = working.find({ $0.enrollments[id] }) { return pending.row }
        return try connection.row(
            "SELECT \(Self.columns) FROM enrollment WHERE id = ?", [id], stored)
    }

    /// The active enrollments of `contact`: those for `record` and those for none; all where
    /// `record` is nil.
    public func activeEnrollments(contact: Int64, record: Int64?) throws -> [StoredEnrollment] {
        let known =
            isNew(contact: contact)
            ? []
            : try connection.rows(
                "SELECT \(Self.columns) FROM enrollment WHERE contact_id = ? AND status = 0",
                [contact], stored)
        let new = working.gather { $0.enrolled[contact] ?? [] }
        let all = try known.map(newest) + new.compactMap(enrollment)
        return all.filter { stored in
            guard stored.enrollment.status == .active else { return false }
            return record == nil || stored.record == 0 || stored.record == record
        }.sorted { ($0.workflow, $0.enrollment.id) < ($1.workflow, $1.enrollment.id) }
    }

    /// The image of `stored` that this transaction has decided, else itself.
    private func newest(_ stored: StoredEnrollment) -> StoredEnrollment {
        working.find { $0.enrollments[stored.enrollment.id] }?.row ?? stored
    }

    /// The active enrollments for `record`.
    public func activeEnrollments(record: Int64) throws -> [StoredEnrollment] {
        try rows(
            "SELECT \(Self.columns) FROM enrollment WHERE record_id = ? AND record_id > 0 AND status = 0",
            [record], stored)
    }

    /// The latest enrollment of `contact` in `workflow` for `record`, or nil.
    public func latestEnrollment(workflow: Int64, contact: Int64, record: Int64) throws
        -> StoredEnrollment?
    {
        let new = try working.gather { $0.enrolled[contact] ?? [] }.compactMap(enrollment)
        if let last = new.last(where: { $0.workflow == workflow && $0.record == record }) {
            return last
        }
        guard !isNew(contact: contact) else { return nil }
        return try connection.row(
            """
            SELECT \(Self.columns) FROM enrollment \
            WHERE contact_id = ? AND workflow_id = ? AND record_id = ? ORDER BY id DESC LIMIT 1
            """, [contact, workflow, record], stored
        ).map(newest)
    }

    /// Up to `limit` enrollments in `lane` that are due at `now`, the longest due first.
    public func due(in lane: Enrollment.Lane, at now: Instant, limit: Int) throws
        -> [StoredEnrollment]
    {
        try rows(
            """
            SELECT \(Self.columns) FROM enrollment WHERE lane = ? AND due IS NOT NULL AND due <= ? \
            ORDER BY due LIMIT ?
            """, [try number(of: lane), now.milliseconds, limit], stored)
    }

    /// The earliest due moment in `lane`, or nil.
    ///
    /// It reads one entry of the index.
    public func nextDue(in lane: Enrollment.Lane) throws -> Instant? {
        try integer(
            "SELECT due FROM enrollment WHERE lane = ? AND due IS NOT NULL ORDER BY due LIMIT 1",
            [try number(of: lane)]
        ).map(Instant.init(milliseconds:))
    }

    /// How many enrollments wait in `lane`.
    public func waiting(in lane: Enrollment.Lane) throws -> Int {
        Int(
            try integer(
                "SELECT count(*) FROM enrollment WHERE lane = ? AND due IS NOT NULL",
                [try number(of: lane)]) ?? 0)
    }

    /// Lets what waits for a channel that is not among `installed` be decided anew.
    public func releaseQueues(except installed: [String], at now: Instant) throws {
        let lanes = try connection.rows("SELECT id, name FROM channel") {
            ($0[0] as Int64, $0[1] as String)
        }
        for (lane, name) in lanes where !installed.contains(name) {
            try run(
                "UPDATE enrollment SET lane = 0, due = ? WHERE lane = ? AND due IS NOT NULL",
                [now.milliseconds, lane])
        }
    }

    /// Makes what waits for `workflow` to be active again due at `now`.
    public func wakeHalted(workflow: Int64, at now: Instant) throws {
        try run(
            "UPDATE enrollment SET lane = 0, due = ? WHERE workflow_id = ? AND status = 0 AND lane = -1",
            [now.milliseconds, workflow])
    }

    /// Makes all delays, branches and messages held by quiet hours that wait for a moment due at `now`,
    /// so that they are planned anew; a pause behind a failed attempt stays.
    public func wakeScheduled(at now: Instant) throws {
        try run(
            "UPDATE enrollment SET due = ? WHERE lane = 0 AND due > ? AND (phase IN (1, 2) OR hold = 1)",
            [now.milliseconds, now.milliseconds])
    }

    /// Enrollments that pass `filter` and come before number `before`, latest first.
    public func enrollments(_ filter: EnrollmentFilter, before: Int64?, limit: Int) throws
        -> [StoredEnrollment]
    {
        var sql = "SELECT \(Self.columns) FROM enrollment WHERE id < ?"
        var arguments: [(any Bindable)?] = [before ?? .max]
        for (column, value) in [
            ("contact_id", filter.contact), ("workflow_id", filter.workflow),
            ("status", filter.status.map { Int64($0.rawValue) }),
        ] {
            guard let value else { continue }
            sql += " AND \(column) = ?"
            arguments.append(value)
        }
        return try rows(
            sql + " ORDER BY id DESC LIMIT ?", arguments + [limit], stored)
    }

    /// The numbers of up to `limit` active enrollments of `workflow`.
    public func activeEnrollments(workflow: Int64, limit: Int) throws -> [StoredEnrollment] {
        try rows(
            "SELECT \(Self.columns) FROM enrollment WHERE workflow_id = ? AND status = 0 LIMIT ?",
            [workflow, limit], stored)
    }

    /// How many enrollments of `workflow` stand on each of its versions, by version number's row.
    public func activeCounts(workflow: Int64) throws -> [(version: Int64, count: Int)] {
        try rows(
            """
            SELECT version_id, count(*) FROM enrollment WHERE workflow_id = ? AND status = 0 GROUP BY version_id
            """, [workflow]
        ) { ($0[0], $0[1]) }
    }

    /// How many enrollments of `workflow` are in `status`.
    public func count(workflow: Int64, status: Enrollment.Status) throws -> Int {
        Int(
            try integer(
                "SELECT count(*) FROM enrollment WHERE workflow_id = ? AND status = ?",
                [workflow, status.rawValue]) ?? 0)
    }

    private func stored(_ row: Columns) -> StoredEnrollment {
        let enrolled = Instant(milliseconds: row[8])
        var enrollment = Enrollment(id: row[0], enrolled: enrolled, signalFloor: row[17])
        enrollment.status = Enrollment.Status(rawValue: row[5]) ?? .active
        enrollment.phase = Enrollment.Phase(rawValue: row[6]) ?? .arrived
        enrollment.node = row[7]
        enrollment.reached = Instant(milliseconds: row[9])
        enrollment.due = (row[10] as Int64?).map(Instant.init(milliseconds:))
        enrollment.lane = lane(row[11])
        enrollment.variant = row[12]
        enrollment.attempt = row[13]
        enrollment.hold = (row[14] as Int?).flatMap(HoldReason.init(rawValue:))
        let way = TrailCoding.decode(row[15], from: enrolled)
        (enrollment.trail, enrollment.planned) = (way.trail, way.planned)
        enrollment.exit = row[16]
        return StoredEnrollment(
            enrollment: enrollment, workflow: row[1], version: row[2], contact: row[3],
            record: row[4],
            source: row[19], ended: (row[18] as Int64?).map(Instant.init(milliseconds:)))
    }
}
