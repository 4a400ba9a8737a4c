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
    /// SQLite remembers the last number in `sqlite_sequence`, whatever is removed; where somebody changed
    /// that, what is there counts. Contacts and records are never removed: theirs are looked up with the
    /// first that is made. A damaged page holds up nothing else.
    init(_ connection: StatementConnection) throws {
        let sequences = try Dictionary(
            connection.rows("SELECT name, seq FROM sqlite_sequence", []) {
                ($0[0] as String, $0[1] as Int64)
            }, uniquingKeysWith: max)
        func last(_ table: String, _ column: String) -> Int64 {
            let there = try? connection.integer("SELECT max(\(column)) FROM \(table)")
            return max(sequences[table] ?? 0, there ?? 0)
        }
        counters.enrollment = last("enrollment", "id")
        counters.signal = last("signal", "id")
        counters.head = last("history", "seq")
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
