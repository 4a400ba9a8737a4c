import JSONLines
import WorkflowEngine
import WorkflowProtocol
import WorkflowStore

/// Takes addresses and texts out of the history of a contact that is erased.
struct HistoryRedaction {
    let session: StoreSession

    /// The members of events that hold what is personal.
    private static let personal = ["to", "from", "content", "data", "detail"]

    /// Redacts all rows of `contact`.
    ///
    /// Returns how many had something to redact.
    func redact(contact: Int64) throws -> Int {
        var redacted = 0
        var position: Int64 = 0
        while true {
            let events = try session.events(
                HistoryFilter(contact: contact), after: position, limit: 500,
                bytes: ProtocolLimits.eventPageBytes)
            guard let last = events.last else { return redacted }
            for event in events where try redact(event) { redacted += 1 }
            position = last.seq
        }
    }

    private func redact(_ event: StoredEvent) throws -> Bool {
        var body = try JSON(parsing: event.body).object ?? [:]
        let present = Self.personal.filter { body[$0] != nil }
        guard !present.isEmpty else { return false }
        for name in present { body[name] = nil }
        body["redacted"] = true
        try session.rewrite(event.seq, body: JSON.object(body).text)
        return true
    }
}
