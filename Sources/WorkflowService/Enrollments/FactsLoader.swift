import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Gathers what the engine has to know about one enrollment.
struct FactsLoader {
    let turn: Turn

    /// The facts for `stored`, with the signals that `timeline` asks about.
    func facts(
        for stored: StoredEnrollment, in timeline: Timeline, contact known: StoredContact? = nil
    ) throws -> Facts {
        let session = turn.session
        guard let contact = try known ?? session.contact(stored.contact) else {
            throw CommandError(.internalError, "An enrollment's contact is missing from the store.")
        }
        var facts = try facts(
            contact: contact, record: try record(stored.record), workflow: stored.workflow)
        if contact.lastSignal > stored.enrollment.signalFloor, !timeline.signals.isEmpty {
            facts.signals = try session.signals(
                contact: contact.id, record: stored.record, enrollment: stored.enrollment.id,
                after: stored.enrollment.signalFloor, named: timeline.signals,
                withData: timeline.signalsWithData
            ).map { signal in
                Signal(
                    number: signal.id, name: signal.name, at: signal.at,
                    data: try JSON(parsing: signal.data).object ?? [:])
            }
        }
        return facts
    }

    /// The facts for a contact that is not enrolled yet.
    func facts(contact: StoredContact, record: StoredRecord?, workflow: Int64) throws -> Facts {
        let catalog = turn.catalog
        let fields = try contact.parsedFields
        guard let zone = catalog.zone(of: fields),
            let business = catalog.businessZone ?? catalog.zone(of: fields)
        else {
            throw CommandError(
                .timeZoneMissing, "Neither the contact nor the business has a time zone.",
                hint: "Set time_zone with settings.put.")
        }
        catalog.remember(contact: contact.id, contact.publicID)
        return Facts(
            contactID: contact.publicID, contact: fields, record: try record?.parsedFields,
            settings: catalog.settings, suppression: contact.suppression,
            workflowState: catalog.state(of: workflow), channels: turn.channels.facts, zone: zone,
            businessZone: business)
    }

    private func record(_ id: Int64) throws -> StoredRecord? {
        id == 0 ? nil : try turn.session.record(id)
    }
}

extension StoredContact {
    var parsedFields: JSONObject { get throws { try JSON(parsing: fields).object ?? [:] } }
}

extension StoredRecord {
    var parsedFields: JSONObject { get throws { try JSON(parsing: fields).object ?? [:] } }
}
