import ChannelJournal
import ChannelKit
import WorkflowModel

/// Puts one entry after the other into its place.
final class ReminderSession: SendSession {
    private let place: any EntryPlace
    private let shape: CallEntry.Shape
    private let journal: SendJournal
    private let clock: HandoverClock

    init(_ settings: ReminderSettings, _ journal: SendJournal, _ clock: HandoverClock) {
        place = settings.destination.open()
        shape = settings.shape
        self.journal = journal
        self.clock = clock
    }

    func send(_ message: SendRequest) -> SendAnswer {
        let stamp = Instant(rfc3339: message.at) ?? clock.now
        guard let name = EntryName(key: message.key) else {
            return .failed(
                .init(.permanent, reason: "The key is empty or longer than a file's name."))
        }
        guard let text = ReminderText(message, due: stamp + shape.lead) else {
            return .failed(.init(.permanent, reason: "content.title: This field is required."))
        }
        let entry = CallEntry(name: name, shape: shape, stamp: stamp, text: text)
        return journal.once(
            message.key,
            SendJournal.Route(
                send: { begin in self.put(entry, message, begin) },
                lookUp: { _ in self.place.find(name) }))
    }

    private func put(
        _ entry: CallEntry, _ message: SendRequest, _ begin: @escaping () throws -> Void
    ) -> SendJournal.Sent {
        clock.isTooLate(message) ? .answered(.tooLate) : place.put(entry, begin: begin)
    }
}
