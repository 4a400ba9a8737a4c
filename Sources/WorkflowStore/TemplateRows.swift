public import WorkflowModel

/// A ready-made definition.
public struct StoredTemplate: Hashable, Sendable {
    /// Its public id.
    public let id: String
    /// Its revision.
    public var rev: Int
    /// What it is called.
    public var name: String
    /// What it is for.
    public var description: String
    /// The definition as JSON text.
    public var definition: String
    /// When it was created.
    public let created: Instant
    /// When it was changed last.
    public var updated: Instant

    /// A template of the given parts.
    public init(
        id: String, rev: Int, name: String, description: String, definition: String,
        created: Instant,
        updated: Instant
    ) {
        self.id = id
        self.rev = rev
        self.name = name
        self.description = description
        self.definition = definition
        self.created = created
        self.updated = updated
    }
}

extension StoreSession {
    /// Stores `template`, in place of an earlier one with its id.
    public func put(_ template: StoredTemplate) throws {
        try run(
            "INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                template.id, template.rev, template.name, template.description, template.definition,
                template.created.milliseconds, template.updated.milliseconds,
            ])
    }

    /// Template `id`, or nil.
    public func template(_ id: String) throws -> StoredTemplate? {
        try connection.row("SELECT * FROM template WHERE public_id = ?", [id], template)
    }

    /// Removes template `id`.
    public func deleteTemplate(_ id: String) throws {
        try run("DELETE FROM template WHERE public_id = ?", [id])
    }

    /// Templates behind `after` by id.
    public func templates(after: String, limit: Int) throws -> [StoredTemplate] {
        try connection.rows(
            "SELECT * FROM template WHERE public_id > ? ORDER BY public_id LIMIT ?",
            [after, limit], template)
    }

    private func template(_ row: Columns) -> StoredTemplate {
        StoredTemplate(
            id: row[0], rev: row[1], name: row[2], description: row[3], definition: row[4],
            created: Instant(milliseconds: row[5]), updated: Instant(milliseconds: row[6]))
    }
}
