internal import GRDB

/// What holds of the history, which is the feed: positions without gaps, each with the one before it of its
/// family.
enum FeedRules {
    static let all = [gaps, positions, previous, families, sequences, bodies, moments]

    /// The part of the history that was not purged as a whole begins behind it.
    static let floor =
        "ifnull((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'feed_floor'), 0)"
    static let head = "ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'history'), 0)"
    static let family = "substr(type, 1, instr(type || '.', '.') - 1)"

    /// A purge of some rows leaves holes, and the event `history.purged` behind them says how many.
    private static let gaps = IntegrityRule(
        "feed.gaps", "Positions of the feed are missing that no purge accounts for.",
        meaning: "Events are lost: a subscriber that reads again from before them misses them.",
        cure: .restoreCure,
        sql: """
            SELECT missing || ' positions above ' || floor FROM (SELECT \(floor) AS floor, \
            \(head) - \(floor) - (SELECT count(*) FROM history WHERE seq > \(floor)) AS missing, \
            ifnull((SELECT sum(json_extract(body, '$.rows')) FROM history \
            WHERE type = 'history.purged' AND seq > \(floor)), 0) AS purged) WHERE missing > purged
            """)

    private static let positions = IntegrityRule(
        "feed.positions", "Rows of the history stand at positions that the feed does not have.",
        meaning: "They are behind its head or below its floor; positions could be given twice.",
        cure: .restoreCure,
        sql: "SELECT 'seq ' || seq FROM history WHERE seq > \(head) OR seq <= \(floor)")

    private static let previous = IntegrityRule(
        "feed.prev", "Events name another event as the one before them than there is.",
        meaning: "A subscriber of that family takes it for a gap, or misses one.",
        cure: .restoreCure,
        sql: """
            SELECT 'seq ' || seq FROM (SELECT seq, prev, \(family) AS family, \
            lag(seq, 1, 0) OVER (PARTITION BY \(family) ORDER BY seq) AS last FROM history) AS event \
            WHERE prev <> last AND (prev < last OR prev >= seq \
            OR EXISTS (SELECT 1 FROM history AS h WHERE h.seq = event.prev) \
            OR NOT EXISTS (SELECT 1 FROM history AS h WHERE h.type = 'history.purged') AND \(floor) = 0)
            """)

    private static let families = IntegrityRule(
        "feed.family", "The last positions of families do not agree with the history.",
        meaning: "The next event of that family would name a wrong event as the one before it.",
        cure: .restoreCure,
        sql: """
            SELECT name FROM (SELECT \(family) AS name, max(seq) AS last FROM history GROUP BY 1) \
            LEFT JOIN family USING (name) WHERE family.seq IS NULL OR family.seq < last \
            UNION SELECT name FROM family WHERE seq > \(head) \
            UNION SELECT name FROM family JOIN history USING (seq) WHERE \(family) <> name
            """)

    private static let sequences = IntegrityRule(
        "feed.sequence", "Numbers were given out that the database does not remember.",
        meaning: "They would be given again: to another event, contact's enrollment or signal.",
        cure: .restoreCure,
        sql: [("history", "seq"), ("enrollment", "id"), ("workflow", "id"), ("signal", "id")].map {
            """
            SELECT '\($0.0)' WHERE (SELECT max(\($0.1)) FROM \($0.0)) \
            > ifnull((SELECT seq FROM sqlite_sequence WHERE name = '\($0.0)'), 0)
            """
        }.joined(separator: " UNION ALL "))

    private static let bodies = IntegrityRule(
        "feed.bodies", "Events hold no readable facts.",
        meaning: "Reading that part of the feed, or the history, is refused.", cure: .restoreCure,
        sql: "SELECT 'seq ' || seq FROM history WHERE NOT json_valid(body)")

    private static let moments = IntegrityRule(
        "feed.moments", "Events happened at impossible times.",
        meaning: "Purges by time would take the wrong rows.", cure: .restoreCure,
        sql: "SELECT 'seq ' || seq FROM history WHERE NOT at BETWEEN \(IntegrityRule.moments)")
}

extension IntegrityRule {
    /// Milliseconds of all years with up to four digits, and of what waits from there.
    static let moments = "-62200000000000 AND 400000000000000"
}
