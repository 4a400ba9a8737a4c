import JSONLines
import WorkflowEngine
import WorkflowProtocol
import WorkflowStore

/// Takes addresses and texts out of the history of a contact that is erased.
struct HistoryRedaction {
    let turn: Turn

    /// The members of events of `type` that hold what is personal.
    ///
    /// Why a message failed is said in a provider's words, which like to repeat the address.
    private static func personal(in type: String) -> [String] {
        let isAnswer = type == "message.failed" || type == "message.unknown"
        return ["to", "from", "content", "data", "detail"] + (isAnswer ? ["reason"] : [])
    }

    /// The body of an event of `type` without what is personal; nil where nothing of it is.
    static func redacted(_ body: JSONObject, of type: String) -> JSONObject? {
        let present = personal(in: type).filter { body[$0] != nil }
        guard !present.isEmpty else { return nil }
        var rest = body
        for name in present { rest[name] = nil }
        rest["redacted"] = true
        return rest
    }

    /// Redacts all rows of `contact`.
    ///
    /// Returns how many had something to redact.
    func redact(contact: Int64) throws -> Int {
        var redacted = 0
        var position: Int64 = 0
        while true {
            let events = try turn.session.events(
                HistoryFilter(contact: contact), after: position, limit: 500,
                bytes: ProtocolLimits.eventPageBytes)
            guard let last = events.last else { return redacted }
            for event in events where try redact(event) { redacted += 1 }
            position = last.seq
        }
    }

    private func redact(_ event: StoredEvent) throws -> Bool {
        let stored = try JSON(parsing: event.body).object ?? [:]
        guard let body = Self.redacted(stored, of: event.type) else { return false }
        try turn.rewrite(event, body: body)
        return true
    }
}
