import JSONLines
import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// One transaction of the service while it is decided.
///
/// Commands are decided in it one after the other, each by an ``attempt(_:)``: where it is refused, what it
/// decided is dropped. What is left at the end is written, and committed with the transaction.
final class Turn {
    let session: StoreSession
    let catalog: Catalog
    let now: Instant
    /// Where the feed stood before it: all of that is committed.
    let headBefore: Int64
    private var layers: [Layer]

    /// What is decided and may still be dropped.
    private struct Layer {
        /// What is free of each channel, claims of this turn taken off.
        var channels: ChannelAvailability
        var effects = Effects()
    }

    init(
        _ session: StoreSession, catalog: Catalog, channels: ChannelAvailability, now: Instant
    ) throws {
        self.session = session
        self.catalog = catalog
        self.now = now
        headBefore = session.feedHead
        layers = [Layer(channels: channels)]
        try catalog.begin(session)
    }

    private var top: Layer {
        _read { yield layers[layers.count - 1] }
        _modify { yield &layers[layers.count - 1] }
    }

    /// What channels are and take.
    var channels: ChannelAvailability { top.channels }

    /// The last position of the feed, with what this turn has added.
    var head: Int64 { session.feedHead }

    // MARK: Events

    /// Writes an event into the history and queues it for publication.
    /// - Returns: its position.
    @discardableResult
    func record(_ type: String, about subject: EventSubject = EventSubject(), _ body: JSONObject)
        throws -> Int64
    {
        let stored = session.append(family: StoredEvent.family(of: type)) { seq, prev in
            StoredEvent(
                seq: seq, prev: prev, type: type, at: now, version: subject.version,
                contact: subject.contact, record: subject.record, enrollment: subject.enrollment,
                body: JSON.object(body).text)
        }
        top.effects.publish(try EventComposer(session: session, catalog: catalog).event(stored))
        return stored.seq
    }

    /// Gives an event another body, also where it waits to be published.
    func rewrite(_ stored: StoredEvent, body: JSONObject) throws {
        let text = JSON.object(body).text
        try session.rewrite(stored.seq, body: text)
        if stored.seq > headBefore { top.effects.rewrite(stored.seq, body: text) }
    }

    // MARK: What happens after the commit

    func send(_ message: ClaimedMessage) {
        top.effects.sends.append(message)
        top.channels.claim(message.channel)
    }

    func acknowledge(_ acknowledgement: Acknowledgement) {
        top.effects.acknowledgements.append(acknowledgement)
    }

    func markAnswered(_ message: MessageAddress) { top.effects.answered.append(message) }

    /// Asks `channel` what became of the message of `key`.
    func query(_ key: String, _ channel: String) {
        top.effects.queries.append(ChannelQuery(channel: channel, key: key))
    }

    /// Notes that a client's key was revoked or changed.
    func changeKeys() { top.effects.keysChanged = true }

    /// `inFlight` with what this turn has claimed, and without what it knows the answer of.
    func underway(_ inFlight: Set<MessageAddress>) -> Set<MessageAddress> {
        var underway = inFlight
        for layer in layers { underway.subtract(layer.effects.answered) }
        for layer in layers { underway.formUnion(layer.effects.sends.lazy.map(\.address)) }
        return underway
    }

    // MARK: Counts

    /// Notes for the service's own counts what became of a message.
    func note(_ outcome: String, channel: String) {
        top.effects.fates.append(MessageFate(channel: channel, outcome: outcome))
    }

    /// Notes what became of a report of `channel`.
    func note(_ outcome: ReportOutcome, of channel: String) {
        top.effects.reportFates.append(ReportFate(channel: channel, outcome: outcome))
    }

    func count(_ workflow: Int64, step: String = "", _ metric: String, by delta: Int = 1) {
        session.count(workflow: workflow, step: step, metric: metric, by: delta)
    }

    // MARK: Attempts

    /// Runs `body`; where it throws, all that it decided is dropped.
    func attempt<T>(_ body: () throws -> T) throws -> T {
        layers.append(Layer(channels: top.channels))
        catalog.beginAttempt()
        do {
            let result = try session.attempt(body)
            catalog.mergeAttempt()
            let newer = layers.removeLast()
            top.channels = newer.channels
            top.effects.merge(newer.effects)
            return result
        } catch {
            catalog.dropAttempt()
            layers.removeLast()
            throw error
        }
    }

    /// What is to happen once the transaction is committed.
    var effects: Effects {
        precondition(layers.count == 1, "An attempt is still open.")
        return top.effects
    }
}

/// What an event is about, by row numbers.
struct EventSubject {
    var version: Int64?
    var contact: Int64?
    var record: Int64?
    var enrollment: Int64?

    init() {}

    init(_ stored: StoredEnrollment) {
        version = stored.version
        contact = stored.contact
        record = stored.record == 0 ? nil : stored.record
        enrollment = stored.enrollment.id
    }
}
