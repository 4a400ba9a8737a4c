/// What refers to what.
enum ReferenceRules {
    static let all = [workflows, versions, contacts, records, history, facts, erased]

    private static let workflows = IntegrityRule(
        "workflow.version", "Workflows have no newest version, or that of another.",
        meaning: "Nobody can be enrolled in them.", cure: .restoreCure,
        sql: """
            SELECT public_id FROM workflow AS w WHERE NOT EXISTS (SELECT 1 FROM workflow_version AS v \
            WHERE v.id = w.version_id AND v.workflow_id = w.id)
            """)

    private static let versions = IntegrityRule(
        "enrollment.version", "Enrollments have no version, or that of another workflow.",
        meaning: "They cannot go on: nothing is known of their steps.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment AS e WHERE NOT EXISTS (SELECT 1 FROM workflow_version AS v \
            JOIN workflow AS w ON w.id = v.workflow_id WHERE v.id = e.version_id AND w.id = e.workflow_id)
            """)

    private static let contacts = IntegrityRule(
        "enrollment.contact", "Enrollments have no contact.",
        meaning: "They cannot go on: nobody is there to send to.", cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE contact_id NOT IN (SELECT id FROM contact)
            """)

    private static let records = IntegrityRule(
        "enrollment.record", "Enrollments are for records that are not there.",
        meaning: "Fields of the record have no value: messages that need one are skipped.",
        cure: .restoreCure,
        sql: """
            SELECT 'en_' || id FROM enrollment WHERE record_id <> 0 \
            AND record_id NOT IN (SELECT id FROM record)
            """)

    private static let history = IntegrityRule(
        "feed.references",
        "Events are about contacts, records, versions or enrollments that are not there.",
        meaning: "Reading them from the feed may be refused.", cure: .restoreCure,
        sql: """
            SELECT 'seq ' || seq FROM history WHERE \
            contact_id IS NOT NULL AND contact_id NOT IN (SELECT id FROM contact) \
            OR ifnull(record_id, 0) <> 0 AND record_id NOT IN (SELECT id FROM record) \
            OR version_id IS NOT NULL AND version_id NOT IN (SELECT id FROM workflow_version) \
            OR enrollment_id IS NOT NULL AND enrollment_id NOT IN (SELECT id FROM enrollment)
            """)

    private static let facts = IntegrityRule(
        "contact.fields", "Contacts, records or signals hold no readable fields.",
        meaning: "Their enrollments cannot go on, and reading them is refused.",
        cure:
            "Put the contact or the record again with all its fields, or restore the last sound backup.",
        sql: """
            SELECT 'contact row ' || id FROM contact WHERE NOT json_valid(fields) \
            UNION ALL SELECT 'record row ' || id FROM record WHERE NOT json_valid(fields) \
            UNION ALL SELECT 'signal row ' || id FROM signal WHERE NOT json_valid(data)
            """)

    private static let erased = IntegrityRule(
        "contact.erased",
        "Contacts were erased, and something of them is still there or has come back.",
        meaning: "What they asked to have removed can still be read.",
        cure: "Put the contact again with contact.put, and delete it once more.",
        sql: """
            SELECT 'contact row ' || id FROM contact AS c WHERE erased <> 0 AND (fields <> '{}' \
            OR EXISTS (SELECT 1 FROM signal WHERE contact_id = c.id) \
            OR EXISTS (SELECT 1 FROM enrollment AS e WHERE e.contact_id = c.id AND (e.status = 0 \
            OR EXISTS (SELECT 1 FROM message AS m WHERE m.enrollment_id = e.id AND m.request IS NOT NULL))) \
            OR EXISTS (SELECT 1 FROM history AS h WHERE h.contact_id = c.id AND json_valid(h.body) \
            AND coalesce(json_extract(h.body, '$.to'), json_extract(h.body, '$.content'), \
            json_extract(h.body, '$.data')) IS NOT NULL))
            """)
}
