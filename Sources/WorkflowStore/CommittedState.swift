/// What the store keeps in memory of its rows: committed, never more.
struct CommittedState: Equatable {
    /// The numbers that rows were given last.
    var counters = Counters()
    /// The last position of each family of events.
    var families: [String: Int64] = [:]

    init() {}

    init(counters: Counters, families: [String: Int64]) {
        self.counters = counters
        self.families = families
    }

    /// Reads it from the store.
    ///
    /// Contacts and records are never removed; for the others SQLite remembers the last number in
    /// `sqlite_sequence`, whatever is removed.
    init(_ connection: StatementConnection) throws {
        let sequences = try Dictionary(
            uniqueKeysWithValues: connection.rows("SELECT name, seq FROM sqlite_sequence", []) {
                ($0[0] as String, $0[1] as Int64)
            })
        counters.enrollment = sequences["enrollment"] ?? 0
        counters.signal = sequences["signal"] ?? 0
        counters.head = sequences["history"] ?? 0
        counters.contact = try connection.integer("SELECT max(id) FROM contact") ?? 0
        counters.record = try connection.integer("SELECT max(id) FROM record") ?? 0
        let pairs = try connection.rows("SELECT name, seq FROM family") {
            ($0[0] as String, $0[1] as Int64)
        }
        families = Dictionary(uniqueKeysWithValues: pairs)
    }
}

/// The newest positions of the feed.
public struct FeedPosition: Sendable {
    /// The last position; 0 at the beginning.
    public let head: Int64
    /// The last position of each family of events that there has been.
    public let families: [String: Int64]
}
