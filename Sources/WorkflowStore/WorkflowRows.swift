public import WorkflowModel

/// A workflow without its definition.
public struct StoredWorkflow: Hashable, Sendable {
    /// Its number.
    public let id: Int64
    /// Its public id.
    public let publicID: String
    /// Its state.
    public var state: WorkflowState
    /// Its revision: grows with every change of definition or state.
    public var rev: Int
    /// The number of its newest version's row.
    public var version: Int64
    /// When it was created.
    public let created: Instant
    /// When it was changed last.
    public var updated: Instant
}

/// A version of a workflow: immutable.
public struct StoredVersion: Hashable, Sendable {
    /// The row's number.
    public let id: Int64
    /// The workflow's number.
    public let workflow: Int64
    /// The version's number within its workflow, from 1.
    public let number: Int
    /// The fingerprint of the definition's text.
    public let hash: String
    /// The definition as JSON text.
    public let definition: String
    /// When it was made.
    public let created: Instant
}

extension StoreSession {
    /// Stores a draft called `publicID` without a version; follow with ``addVersion(workflow:hash:definition:at:)``.
    public func insertWorkflow(_ publicID: String, at now: Instant) throws -> StoredWorkflow {
        try run(
            "INSERT INTO workflow (public_id, state, rev, created, updated) VALUES (?, 'draft', 0, ?, ?)",
            [publicID, now.milliseconds, now.milliseconds])
        return StoredWorkflow(
            id: connection.lastInsertedID, publicID: publicID, state: .draft, rev: 0, version: 0,
            created: now,
            updated: now)
    }

    /// Writes state, revision, version and time of change.
    public func update(_ workflow: StoredWorkflow) throws {
        try run(
            "UPDATE workflow SET state = ?, rev = ?, version_id = ?, updated = ? WHERE id = ?",
            [
                workflow.state.rawValue, workflow.rev, workflow.version,
                workflow.updated.milliseconds,
                workflow.id,
            ])
    }

    /// Hides `workflow`; its versions and its history stay.
    public func delete(_ workflow: StoredWorkflow, at now: Instant) throws {
        try run(
            "UPDATE workflow SET deleted = 1, state = 'draft', updated = ? WHERE id = ?",
            [now.milliseconds, workflow.id])
    }

    /// All workflows that are not deleted, by public id.
    public func workflows() throws -> [StoredWorkflow] {
        try connection.rows(
            """
            SELECT id, public_id, state, rev, version_id, created, updated FROM workflow \
            WHERE deleted = 0 ORDER BY public_id
            """
        ) { row in
            StoredWorkflow(
                id: row[0], publicID: row[1], state: WorkflowState(rawValue: row[2]) ?? .draft,
                rev: row[3],
                version: row[4], created: Instant(milliseconds: row[5]),
                updated: Instant(milliseconds: row[6]))
        }
    }

    /// The public id of workflow `id`, deleted or not.
    public func workflowName(_ id: Int64) throws -> String? {
        try connection.text("SELECT public_id FROM workflow WHERE id = ?", [id])
    }

    /// The numbers of all workflows that were ever called `publicID`, deleted ones included.
    public func workflows(everNamed publicID: String) throws -> [Int64] {
        try connection.rows("SELECT id FROM workflow WHERE public_id = ?", [publicID]) { $0[0] }
    }

    /// Stores the next version of `workflow`.
    public func addVersion(workflow: Int64, hash: String, definition: String, at now: Instant)
        throws
        -> StoredVersion
    {
        let last = try connection.integer(
            "SELECT max(number) FROM workflow_version WHERE workflow_id = ?", [workflow])
        let number = (last ?? 0) + 1
        try run(
            "INSERT INTO workflow_version (workflow_id, number, hash, definition, created) VALUES (?, ?, ?, ?, ?)",
            [workflow, number, hash, definition, now.milliseconds])
        return StoredVersion(
            id: connection.lastInsertedID, workflow: workflow, number: Int(number), hash: hash,
            definition: definition, created: now)
    }

    /// Writes another definition into version row `id`, which nothing refers to yet.
    public func rewriteVersion(_ id: Int64, hash: String, definition: String) throws {
        try run(
            "UPDATE workflow_version SET hash = ?, definition = ? WHERE id = ?",
            [hash, definition, id])
    }

    /// Version row `id`, or nil.
    public func version(_ id: Int64) throws -> StoredVersion? {
        try connection.row(
            "SELECT id, workflow_id, number, hash, definition, created FROM workflow_version WHERE id = ?",
            [id], version)
    }

    /// The versions of `workflow`, newest first.
    public func versions(workflow: Int64) throws -> [StoredVersion] {
        try connection.rows(
            """
            SELECT id, workflow_id, number, hash, definition, created FROM workflow_version \
            WHERE workflow_id = ? ORDER BY number DESC
            """, [workflow], version)
    }

    private func version(_ row: Columns) -> StoredVersion {
        StoredVersion(
            id: row[0], workflow: row[1], number: row[2], hash: row[3], definition: row[4],
            created: Instant(milliseconds: row[5]))
    }
}
