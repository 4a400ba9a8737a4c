internal import GRDB
import JSONLines
import WorkflowModel

/// What holds of definitions, and of enrollments' places in them.
enum DefinitionRules {
    static let all = [versions, templates, nodes]

    private static let versions = IntegrityRule(
        "workflow.definition", "Versions of workflows cannot be read, or are not what they were.",
        meaning: "Contacts on these versions cannot go on.", cure: .restoreCure
    ) { db in
        var sightings = IntegrityRule.Sightings()
        let sql = "SELECT id, hash, definition FROM workflow_version"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let text: String = row["definition"]
            if definition(text) == nil || ContentHash.text(of: text) != row["hash"] {
                sightings.add("version row \(row["id"] as Int64)")
            }
        }
        return sightings
    }

    private static let templates = IntegrityRule(
        "template.definition", "Templates cannot be read.",
        meaning: "No workflow can be made from them.",
        cure: "Put the template again, or restore the last sound backup."
    ) { db in
        var sightings = IntegrityRule.Sightings()
        let rows = try Row.fetchCursor(db, sql: "SELECT public_id, definition FROM template")
        while let row = try rows.next() {
            if definition(row["definition"]) == nil { sightings.add(row["public_id"]) }
        }
        return sightings
    }

    private static let nodes = IntegrityRule(
        "enrollment.step", "Enrollments stand at steps that their version does not have.",
        meaning: "They cannot go on.",
        cure: "Unenroll them and enroll their contacts again, or restore the last sound backup."
    ) { db in
        var sightings = IntegrityRule.Sightings()
        let rows = try Row.fetchCursor(db, sql: "SELECT id, definition FROM workflow_version")
        while let row = try rows.next() {
            guard let steps = definition(row["definition"])?.allSteps.count else { continue }
            let astray = try Int64.fetchCursor(
                db, sql: "SELECT id FROM enrollment WHERE version_id = ? AND node > ?",
                arguments: [row["id"] as Int64, steps])
            while let id = try astray.next() { sightings.add("en_\(id)") }
        }
        return sightings
    }

    private static func definition(_ text: String) -> WorkflowDefinition? {
        guard let json = try? JSON(parsing: Array(text.utf8)) else { return nil }
        return try? WorkflowDefinition(json: json, at: "definition")
    }
}
