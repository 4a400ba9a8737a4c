import JSONLines
import OrderedCollections
public import WorkflowModel

/// A contact as siblings told of it.
public struct StoredContact: Hashable, Sendable {
    /// Its number.
    public let id: Int64
    /// Its public id.
    public let publicID: String
    /// Its fields as JSON text.
    public var fields: String
    /// What it opted out of.
    public var suppression: Suppression
    /// The number of its last signal.
    public var lastSignal: Int64
    /// Whether only its tombstone is left.
    public var erased: Bool
}

/// A record, such as an invoice or a visit, as siblings told of it.
public struct StoredRecord: Hashable, Sendable {
    /// Its number.
    public let id: Int64
    /// Its type, such as `invoice`.
    public let type: String
    /// Its public id.
    public let publicID: String
    /// Its fields as JSON text.
    public var fields: String
    /// Whether only its tombstone is left.
    public var erased: Bool
}

extension StoreSession {
    private static let contactColumns =
        "id, public_id, fields, suppressed_all, suppressed_channels, last_signal, erased"

    /// Stores a contact with `fields`, the text of a JSON object.
    ///
    /// There must be none called `publicID`.
    public func insertContact(_ publicID: String, fields: String = "{}") throws -> StoredContact {
        let last =
            try working.top.counters.contact ?? connection.integer("SELECT max(id) FROM contact")
        let id = (last ?? 0) + 1
        working.top.counters.contact = id
        let contact = StoredContact(
            id: id, publicID: publicID, fields: fields,
            suppression: Suppression(), lastSignal: 0, erased: false)
        working.top.put(contact, isNew: true)
        return contact
    }

    /// Stores everything but the number and the id of `contact`.
    public func update(_ contact: StoredContact) throws {
        working.top.put(contact)
    }

    /// Whether contact `id` is not in the store yet.
    func isNew(contact id: Int64) -> Bool {
        working.contains { $0.contacts[id]?.isNew == true }
    }

    /// Contact `id`, or nil.
    public func contact(_ id: Int64) throws -> StoredContact? {
        if let pending = working.find({ $0.contacts[id] }) { return pending.row }
        return try connection.row(
            "SELECT \(Self.contactColumns) FROM contact WHERE id = ?", [id], contact)
    }

    /// The contact called `publicID`, tombstones included, or nil.
    public func contact(named publicID: String) throws -> StoredContact? {
        if let id = working.find({ $0.contactNumbers[ExactText(publicID)] }) {
            return try contact(id)
        }
        let stored = try connection.row(
            "SELECT \(Self.contactColumns) FROM contact WHERE public_id = ?", [publicID], contact)
        return stored.map { stored in working.find { $0.contacts[stored.id] }?.row ?? stored }
    }

    /// The public id of contact `id`, or nil.
    public func contactName(_ id: Int64) throws -> String? {
        if let pending = working.find({ $0.contacts[id] }) { return pending.row.publicID }
        return try connection.text("SELECT public_id FROM contact WHERE id = ?", [id])
    }

    /// Contacts with phone number `phone` behind number `after`, in the order of their numbers.
    public func contacts(phone: String, after: Int64, limit: Int) throws -> [StoredContact] {
        try rows(
            """
            SELECT \(Self.contactColumns) FROM contact WHERE json_extract(fields, '$.phone') = ? \
            AND json_extract(fields, '$.phone') IS NOT NULL AND id > ? ORDER BY id LIMIT ?
            """, [phone, after, limit], contact)
    }

    /// Contacts with email address `email`, whatever its case, behind number `after`, in the order of
    /// their numbers.
    public func contacts(email: String, after: Int64, limit: Int) throws -> [StoredContact] {
        try rows(
            """
            SELECT \(Self.contactColumns) FROM contact WHERE lower(json_extract(fields, '$.email')) = lower(?) \
            AND json_extract(fields, '$.email') IS NOT NULL AND id > ? ORDER BY id LIMIT ?
            """, [email, after, limit], contact)
    }

    /// Contacts behind number `after` that are not erased.
    public func contacts(after: Int64, limit: Int) throws -> [StoredContact] {
        try rows(
            "SELECT \(Self.contactColumns) FROM contact WHERE id > ? AND erased = 0 ORDER BY id LIMIT ?",
            [after, limit], contact)
    }

    private func contact(_ row: Columns) -> StoredContact {
        let channels = (row[4] as String?)?.split(separator: " ").map(String.init) ?? []
        return StoredContact(
            id: row[0], publicID: row[1], fields: row[2],
            suppression: Suppression(all: row[3], channels: Set(channels)), lastSignal: row[5],
            erased: row[6])
    }

    /// Stores a record without fields.
    ///
    /// There must be none of `type` called `publicID`.
    public func insertRecord(type: String, _ publicID: String) throws -> StoredRecord {
        let last =
            try working.top.counters.record ?? connection.integer("SELECT max(id) FROM record")
        let id = (last ?? 0) + 1
        working.top.counters.record = id
        let record = StoredRecord(
            id: id, type: type, publicID: publicID, fields: "{}",
            erased: false)
        working.top.put(record, isNew: true)
        return record
    }

    /// Stores the fields of `record` and whether it is erased.
    public func update(_ record: StoredRecord) throws {
        working.top.put(record)
    }

    /// Record `id`, or nil.
    public func record(_ id: Int64) throws -> StoredRecord? {
        if let pending = working.find({ $0.records[id] }) { return pending.row }
        return try connection.row(
            "SELECT id, type, public_id, fields, erased FROM record WHERE id = ?", [id], record)
    }

    /// The record of `type` called `publicID`, tombstones included, or nil.
    public func record(type: String, named publicID: String) throws -> StoredRecord? {
        let key = RecordKey(type: ExactText(type), publicID: ExactText(publicID))
        if let id = working.find({ $0.recordNumbers[key] }) { return try record(id) }
        let stored = try connection.row(
            "SELECT id, type, public_id, fields, erased FROM record WHERE type = ? AND public_id = ?",
            [type, publicID], record)
        return stored.map { stored in working.find { $0.records[stored.id] }?.row ?? stored }
    }

    /// Records behind number `after` that are not erased, of one type or of all.
    public func records(type: String?, after: Int64, limit: Int) throws -> [StoredRecord] {
        try rows(
            """
            SELECT id, type, public_id, fields, erased FROM record \
            WHERE id > ? AND erased = 0 AND (?2 IS NULL OR type = ?2) ORDER BY id LIMIT ?3
            """, [after, type, limit], record)
    }

    private func record(_ row: Columns) -> StoredRecord {
        StoredRecord(id: row[0], type: row[1], publicID: row[2], fields: row[3], erased: row[4])
    }
}

extension StoredRecord {
    var key: RecordKey { RecordKey(type: ExactText(type), publicID: ExactText(publicID)) }
}
