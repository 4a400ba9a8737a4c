import WorkflowModel

/// What holds of each enrollment by itself, and of those of one contact.
enum EnrollmentRules {
    static let all = [values, waiting, queues, ends, repeats, moments]

    private static let values = IntegrityRule(
        "enrollment.state", "Enrollments are in states that do not exist.",
        meaning: "They are taken for something else, and may do what they must not.",
        cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE typeof(status) <> 'integer' \
            OR status NOT BETWEEN 0 AND 3 OR phase NOT BETWEEN 0 AND 5 OR hold NOT BETWEEN 1 AND \(HoldReason.allCases.count) \
            OR node < 0 OR variant NOT BETWEEN 0 AND 1 OR attempt < 0 OR typeof(trail) <> 'blob'
            """)

    /// Without a due moment only who waits for an answer (phases 4 and 5), or for a halted workflow.
    private static let waiting = IntegrityRule(
        "enrollment.stuck", "Active enrollments wait for nothing.",
        meaning: "Nothing will ever move them: no moment, no queue, no answer and no person.",
        cure: "Unenroll them and enroll their contacts again, or restore the last sound backup.",
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE status = 0 AND CASE \
            WHEN phase IN (4, 5) THEN due IS NOT NULL OR lane IS NOT NULL \
            WHEN lane = -1 THEN phase <> 3 ELSE due IS NULL OR lane IS NULL END
            """)

    private static let queues = IntegrityRule(
        "enrollment.queue", "Enrollments wait in queues of channels that never were.",
        meaning: "Nothing takes them out of there.",
        cure: "Unenroll them and enroll their contacts again, or restore the last sound backup.",
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE lane < -1 \
            OR lane > 0 AND lane NOT IN (SELECT id FROM channel)
            """)

    private static let ends = IntegrityRule(
        "enrollment.end", "Enrollments have ended and go on, or go on and have an end.",
        meaning: "Those that ended may be worked on again.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE (status = 0) <> (ended IS NULL) \
            OR status <> 0 AND (due IS NOT NULL OR lane IS NOT NULL)
            """)

    private static let repeats = IntegrityRule(
        "enrollment.twice", "Contacts are in the same workflow twice, for the same record.",
        meaning: "They get each message twice.", cure: "Unenroll all but one of each group.",
        sql: """
            SELECT group_concat('en_' || id, ' ') FROM enrollment WHERE status = 0 \
            GROUP BY workflow_id, contact_id, record_id HAVING count(*) > 1
            """)

    private static let moments = IntegrityRule(
        "enrollment.moments",
        "Enrollments wait for, or have reached their step at, impossible times.",
        meaning: "They wait for ever, or all that they wait for is late.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE NOT (enrolled BETWEEN \(IntegrityRule.moments) \
            AND reached BETWEEN \(IntegrityRule.moments) AND ifnull(due, 0) BETWEEN \
            \(IntegrityRule.moments) AND ifnull(ended, 0) BETWEEN \(IntegrityRule.moments))
            """)
}
