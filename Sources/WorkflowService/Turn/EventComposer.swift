import JSONLines
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Makes events of history rows: the same bytes when an event is published and when it is read again.
struct EventComposer {
    let session: StoreSession
    let catalog: Catalog

    func event(_ stored: StoredEvent) throws -> Event {
        var members = JSONObject()
        if let id = stored.version {
            let version = try catalog.version(id, session)
            members["workflow"] = .string(version.workflowName)
            members["version"] = .integer(Int64(version.stored.number))
        }
        if let id = stored.enrollment { members["enrollment"] = .string(EnrollmentID.text(id)) }
        if let id = stored.contact {
            members["contact"] = .string(try catalog.contactName(id, session))
        }
        if let id = stored.record, let record = try session.record(id) {
            members["record"] = record.reference
        }
        return Event(
            seq: stored.seq, prev: stored.prev, type: stored.type, at: stored.at, subject: members,
            body: stored.body)
    }
}

extension StoredRecord {
    /// The record's name in replies and events.
    var reference: JSON { ["type": .string(type), "id": .string(publicID)] }
}
