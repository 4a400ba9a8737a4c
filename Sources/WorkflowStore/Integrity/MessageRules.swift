import WorkflowModel

/// What holds of messages that are with a channel, or in doubt.
enum MessageRules {
    static let all = [owners, open, missing, positions]

    private static let owners = IntegrityRule(
        "message.enrollment", "Messages belong to enrollments that are not there.",
        meaning: "What becomes of them is never told to anybody.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || enrollment_id || ' step ' || node FROM message \
            WHERE enrollment_id NOT IN (SELECT id FROM enrollment) OR state NOT BETWEEN 0 AND 6
            """)

    /// Phases 4 and 5 wait for the answer; 3 with such a hold is about to send again with the same key.
    private static let open = IntegrityRule(
        "message.open", "Messages are with a channel while their enrollment is elsewhere.",
        meaning: "Their answer would move nothing, and they may be sent again.",
        cure: "Ask the channel's provider for them; restore the last sound backup.",
        sql: """
            SELECT 'en_' || e.id || ' step ' || m.node FROM message AS m \
            JOIN enrollment AS e ON e.id = m.enrollment_id WHERE m.state <= 1 AND e.status = 0 AND NOT \
            (e.node = m.node AND e.variant = m.variant AND (e.phase IN (4, 5) OR e.phase = 3 AND e.hold IN (\(repetitions))))
            """)

    private static let repetitions = HoldReason.allCases.filter(\.isRepetition)
        .map { "\($0.rawValue)" }.joined(separator: ", ")

    private static let missing = IntegrityRule(
        "message.missing", "Enrollments wait for the answer to a message that is not there.",
        meaning: "No answer will come, and no person is asked.",
        cure: "Unenroll them and enroll their contacts again, or restore the last sound backup.",
        sql: """
            SELECT 'en_' || id FROM enrollment AS e WHERE status = 0 AND phase IN (4, 5) AND NOT EXISTS \
            (SELECT 1 FROM message AS m WHERE m.enrollment_id = e.id AND m.node = e.node \
            AND m.variant = e.variant AND m.state <= 1)
            """)

    private static let positions = IntegrityRule(
        "message.position", "Messages name events that the feed has not had yet.",
        meaning: "Later reports on them name a wrong event.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || enrollment_id || ' step ' || node FROM message WHERE seq > \(FeedRules.head)
            """)
}
