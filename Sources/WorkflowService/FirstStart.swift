import JSONLines
import WorkflowModel
import WorkflowStore

/// Sets up what a new data directory needs: its identity and the shipped templates.
struct FirstStart {
    let session: StoreSession
    let now: Instant

    /// The identity of this data directory, made where there is none.
    func identity() throws -> ServiceIdentity {
        if let instance = try session.meta("instance"), let epoch = try session.meta("epoch") {
            return ServiceIdentity(instance: instance, epoch: epoch)
        }
        let identity = ServiceIdentity(
            instance: "w" + RandomName.make(9), epoch: RandomName.make(12))
        try session.setMeta("instance", identity.instance)
        try session.setMeta("epoch", identity.epoch)
        for template in try ShippedTemplates.all(at: now) { try session.put(template) }
        return identity
    }
}

/// The templates that come with the program.
enum ShippedTemplates {
    /// The definitions of all of them.
    static let definitions: [WorkflowDefinition] = {
        let templates = (try? all(at: Instant(milliseconds: 0))) ?? []
        return templates.compactMap { template in
            (try? JSON(parsing: template.definition)).flatMap {
                try? WorkflowDefinition(json: $0, at: "definition")
            }
        }
    }()

    /// All of them, read and checked.
    static func all(at now: Instant) throws -> [StoredTemplate] {
        try sources.map { bytes in
            let json = try JSON(parsing: bytes)
            var reader = try ObjectReader(json, at: "template")
            let id = try reader.identifier("id")
            let name = try reader.requiredString("name")
            let description = try reader.string("description") ?? ""
            let definition = try WorkflowDefinition(
                json: reader.required("definition"), at: "template.definition")
            try reader.finish()
            return StoredTemplate(
                id: id, rev: 1, name: name, description: description,
                definition: definition.json.text,
                created: now, updated: now)
        }
    }

    private static let sources: [[UInt8]] = [
        PackageResources.new_lead_follow_up_json, PackageResources.post_job_review_request_json,
        PackageResources.recurring_service_reminder_json,
        PackageResources.payment_overdue_escalation_json,
    ]
}
