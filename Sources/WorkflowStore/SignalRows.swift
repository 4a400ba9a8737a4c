import JSONLines
import OrderedCollections
public import WorkflowModel

/// A signal as it is stored.
public struct StoredSignal: Hashable, Sendable {
    /// Its number, in the order in which signals came.
    public let id: Int64
    /// Its name.
    public let name: String
    /// When it happened.
    public let at: Instant
    /// Its data as JSON text.
    public let data: String
}

/// Who gave a signal its id.
///
/// Ids of different sources are different, however they are spelled.
public enum SignalSource: Hashable, Sendable {
    case client
    case channel(String)

    /// What begins a row that is not a client's own spelling.
    private static let mark = "\u{1}"
    /// What programs up to 0.3.0 put before the ids of channels, in the same place as those of clients.
    private static let earlierPrefix = "channel:"

    /// The row that remembers `id`.
    fileprivate func row(of id: String) -> String {
        switch self {
        case .client:
            id.begins(with: Self.mark) || id.begins(with: Self.earlierPrefix)
                ? "\(Self.mark)client\(Self.mark)\(id)" : id
        case .channel(let name): "\(Self.mark)channel\(Self.mark)\(name)\(Self.mark)\(id)"
        }
    }

    /// The row by which an earlier program remembered `id`, where it is another one.
    fileprivate func earlierRow(of id: String) -> String? {
        switch self {
        case .client: id.begins(with: Self.earlierPrefix) ? id : nil
        case .channel(let name): "\(Self.earlierPrefix)\(name):\(id)"
        }
    }
}

extension String {
    /// Whether its bytes begin with those of `prefix`, as the database compares them.
    fileprivate func begins(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}

extension StoreSession {
    /// Stores a signal of `contact`; one that the engine raised itself belongs to one `enrollment`.
    /// - Returns: its number.
    public func insertSignal(
        contact: Int64, record: Int64, name: String, at: Instant, data: String,
        enrollment: Int64? = nil
    ) throws -> Int64 {
        working.top.counters.signal += 1
        let id = working.top.counters.signal
        working.top.append(
            PendingSignal(
                stored: StoredSignal(id: id, name: name, at: at, data: data), contact: contact,
                record: record, enrollment: enrollment))
        if var contact = try self.contact(contact) {
            contact.lastSignal = id
            try update(contact)
        }
        return id
    }

    /// The signals of `contact` behind number `floor` called one of `names` that concern enrollment
    /// `enrollment` for `record`; the data, which may be long, of those alone whose name is in `withData`.
    public func signals(
        contact: Int64, record: Int64, enrollment: Int64, after floor: Int64,
        named names: Set<String>, withData: Set<String>
    ) throws -> [StoredSignal] {
        let stored = try connection.rows(
            """
            SELECT id, name, at, iif(name IN (SELECT value FROM json_each(?6)), data, '{}') FROM signal \
            WHERE contact_id = ?1 AND id > ?2 AND (record_id = 0 OR ?3 = 0 OR record_id = ?3) \
            AND (enrollment_id IS NULL OR enrollment_id = ?4) \
            AND name IN (SELECT value FROM json_each(?5)) ORDER BY id
            """,
            [contact, floor, record, enrollment, Self.list(names), Self.list(withData)]
        ) { row in
            StoredSignal(id: row[0], name: row[1], at: Instant(milliseconds: row[2]), data: row[3])
        }
        return stored
            + working.gather { $0.signalsByContact[contact] ?? [] }.filter {
                $0.stored.id > floor && names.contains($0.stored.name)
                    && $0.concerns(enrollment, record)
            }.map(\.stored)
    }

    private static func list(_ names: Set<String>) -> String {
        JSON.array(names.sorted().map(JSON.string)).text
    }

    /// Remembers that the signal called `id` came from `source`; others may use the same id.
    ///
    /// Returns false where it had come before.
    public func rememberSignal(_ id: String, from source: SignalSource, at now: Instant) throws
        -> Bool
    {
        if let earlier = source.earlierRow(of: id), try hasSignal(earlier) { return false }
        let row = source.row(of: id)
        guard try !hasSignal(row) else { return false }
        working.top.signalIDs[ExactText(row)] = now
        return true
    }

    /// Whether the signal called `id` came from `source` before.
    public func knowsSignal(_ id: String, from source: SignalSource) throws -> Bool {
        if let earlier = source.earlierRow(of: id), try hasSignal(earlier) { return true }
        return try hasSignal(source.row(of: id))
    }

    private func hasSignal(_ row: String) throws -> Bool {
        if working.find({ $0.signalIDs[ExactText(row)] }) != nil { return true }
        return try connection.text("SELECT id FROM signal_id WHERE id = ?", [row]) != nil
    }

    /// Looks at `limit` signals behind number `position`, and forgets those from before `cutoff` that no
    /// active enrollment can ask for; and up to `limit` ids of signals.
    /// - Returns: the position to go on from; 0 where all have been looked at.
    public func purgeSignals(before cutoff: Instant, behind position: Int64, limit: Int) throws
        -> Int64
    {
        try run(
            "DELETE FROM signal_id WHERE id IN (SELECT id FROM signal_id WHERE at < ? LIMIT ?)",
            [cutoff.milliseconds, limit])
        let last = try integer(
            "SELECT max(id) FROM (SELECT id FROM signal WHERE id > ? ORDER BY id LIMIT ?)",
            [position, limit])
        guard let last else { return 0 }
        try run(
            """
            DELETE FROM signal AS s WHERE id > ? AND id <= ? AND at < ? AND NOT EXISTS \
            (SELECT 1 FROM enrollment AS e WHERE e.contact_id = s.contact_id AND e.status = 0)
            """, [position, last, cutoff.milliseconds])
        return last
    }

    /// Removes all signals of `contact`.
    public func deleteSignals(contact: Int64) throws {
        try run("DELETE FROM signal WHERE contact_id = ?", [contact])
    }
}

extension PendingSignal {
    /// Whether conditions of `enrollment`, which is for `record`, see it.
    fileprivate func concerns(_ enrollment: Int64, _ record: Int64) -> Bool {
        let isForRecord = self.record == 0 || record == 0 || self.record == record
        return isForRecord && (self.enrollment == nil || self.enrollment == enrollment)
    }
}
