import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// A stored message that its own channel speaks of.
///
/// What a channel reports by a key counts for nothing else: not for a message of another channel, not
/// for one that was never handed over, not for numbers that name no message.
struct ReportedMessage {
    let place: MessagePlace
    let enrollment: StoredEnrollment

    var address: MessageAddress { place.address }

    /// The message that `channel` names by `key`; nil where there is none of this channel.
    init?(_ key: String, of channel: String, in turn: Turn, instance: String) throws {
        guard let address = MessageAddress(key: key, instance: instance),
            try turn.session.message(address)?.channel == channel,
            let stored = try turn.session.enrollment(address.enrollment),
            let place = MessagePlace(
                address, in: try turn.catalog.version(stored.version, turn.session).timeline)
        else { return nil }
        self.place = place
        enrollment = stored
    }
}
