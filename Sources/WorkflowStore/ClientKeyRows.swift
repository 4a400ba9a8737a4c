public import WorkflowModel

/// The registered public key of a client.
public struct ClientKey: Hashable, Sendable {
    /// What people call it, such as the service that uses it.
    public let name: String
    /// The public key in Z85.
    public var publicKey: String
    /// What it may do.
    public var role: String
    /// When it was registered.
    public let created: Instant

    /// A key of the given parts.
    public init(name: String, publicKey: String, role: String, created: Instant) {
        self.name = name
        self.publicKey = publicKey
        self.role = role
        self.created = created
    }
}

extension StoreSession {
    /// Stores `key`, in place of an earlier one of its name.
    public func put(_ key: ClientKey) throws {
        try run(
            """
            INSERT INTO client_key VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE \
            SET public_key = excluded.public_key, role = excluded.role
            """, [key.name, key.publicKey, key.role, key.created.milliseconds])
    }

    /// The key called `name`, or nil.
    public func clientKey(name: String) throws -> ClientKey? {
        try connection.row("SELECT * FROM client_key WHERE name = ?", [name], clientKey)
    }

    /// The key whose public half is `publicKey`, or nil.
    public func clientKey(publicKey: String) throws -> ClientKey? {
        try connection.row("SELECT * FROM client_key WHERE public_key = ?", [publicKey], clientKey)
    }

    /// Whether a key has `role`.
    public func hasClientKey(role: String) throws -> Bool {
        try connection.integer("SELECT 1 FROM client_key WHERE role = ? LIMIT 1", [role]) != nil
    }

    /// Removes the key called `name`.
    public func deleteClientKey(_ name: String) throws {
        try run("DELETE FROM client_key WHERE name = ?", [name])
    }

    /// Keys behind `after` by name.
    public func clientKeys(after: String, limit: Int) throws -> [ClientKey] {
        try connection.rows(
            "SELECT * FROM client_key WHERE name > ? ORDER BY name LIMIT ?", [after, limit],
            clientKey)
    }

    private func clientKey(_ row: Columns) -> ClientKey {
        ClientKey(
            name: row[0], publicKey: row[1], role: row[2], created: Instant(milliseconds: row[3]))
    }
}
