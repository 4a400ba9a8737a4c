/// What `workflow.stats` tells, held against enrollments and history.
enum StatisticRules {
    static let all = [workflows, steps]

    private static let meaning =
        "workflow.stats tells wrong numbers; nothing is sent wrongly because of it."
    private static let cure =
        "Nothing has to be done. Where the numbers matter, restore the last sound backup."

    private static let workflows = IntegrityRule(
        "statistic.workflow", "Counts of workflows do not agree with their enrollments.",
        meaning: meaning, cure: cure,
        sql: """
            SELECT ifnull((SELECT public_id FROM workflow WHERE id = workflow_id), workflow_id) || ' ' || metric \
            FROM (SELECT workflow_id, metric, sum(count) AS difference FROM ( \
            SELECT workflow_id, metric, count FROM statistic WHERE step = '' \
            AND metric IN ('entered', 'inside', 'finished', 'exited', 'unenrolled') \
            UNION ALL SELECT workflow_id, 'entered', -count(*) FROM enrollment GROUP BY workflow_id \
            UNION ALL SELECT workflow_id, \
            CASE status WHEN 0 THEN 'inside' WHEN 1 THEN 'finished' WHEN 2 THEN 'exited' ELSE 'unenrolled' END, \
            -count(*) FROM enrollment GROUP BY workflow_id, status) \
            GROUP BY workflow_id, metric) WHERE difference <> 0
            """)

    /// Only as long as nothing was purged.
    private static let steps = IntegrityRule(
        "statistic.step", "Counts of messages do not agree with the history.", meaning: meaning,
        cure: cure,
        sql: """
            SELECT ifnull((SELECT public_id FROM workflow WHERE id = workflow_id), workflow_id) \
            || ' ' || ifnull(step, '?') || ' ' || metric \
            FROM (SELECT workflow_id, step, metric, sum(count) AS difference FROM ( \
            SELECT workflow_id, step, metric, count FROM statistic WHERE step <> '' \
            AND metric IN ('accepted', 'sent', 'delivered', 'failed', 'unknown') \
            UNION ALL SELECT v.workflow_id, json_extract(h.body, '$.step'), substr(h.type, 9), -count(*) \
            FROM history AS h JOIN workflow_version AS v ON v.id = h.version_id WHERE h.type IN \
            ('message.accepted', 'message.sent', 'message.delivered', 'message.failed', 'message.unknown') \
            GROUP BY 1, 2, 3) GROUP BY workflow_id, step, metric) WHERE difference <> 0 \
            AND \(FeedRules.floor) = 0 AND NOT EXISTS (SELECT 1 FROM history WHERE type = 'history.purged')
            """)
}
