import JSONLines
import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// One transaction of the service, and what is to happen outside once it is committed.
///
/// Commands run in it one after the other, each undone by itself where it is refused.
final class Turn {
    let session: StoreSession
    let catalog: Catalog
    let channels: ChannelDirectory
    let now: Instant
    /// Events in the order of their positions, to be published after the commit.
    private(set) var events: [Event] = []
    /// What events were before they got another body.
    private var rewritten: [(index: Int, event: Event)] = []
    /// Messages to be handed to channels after the commit.
    private(set) var sends: [ClaimedMessage] = []
    /// Reports of channels to be acknowledged after the commit.
    private(set) var acknowledgements: [Acknowledgement] = []
    /// Messages whose claim has got its answer.
    private(set) var answered: [MessageAddress] = []
    /// What became of messages, to be counted after the commit.
    private(set) var fates: [MessageFate] = []
    /// What became of channels' reports, to be counted after the commit.
    private(set) var reportFates: [ReportFate] = []
    /// Questions to channels, to be asked after the commit.
    var queries: [(key: String, channel: String)] = []
    /// What channels said of themselves for the first time, which this turn stores.
    var learned: [KnownChannel] = []
    /// Whether a client's key was revoked or changed.
    var keysChanged = false
    private var counts: [Count] = []
    private var families: [String: Int64]
    private let initialFamilies: [String: Int64]
    private(set) var head: Int64
    /// Where the feed stood before it: all of that is committed.
    let headBefore: Int64
    /// Whether anything was written; known once it is finished.
    private(set) var hasWritten = false
    private var changesBefore: Int

    init(
        _ session: StoreSession, catalog: Catalog, channels: ChannelDirectory, now: Instant,
        feed: FeedPosition
    ) throws {
        self.session = session
        self.catalog = catalog
        self.channels = channels
        self.now = now
        families = feed.families
        initialFamilies = feed.families
        head = feed.head
        headBefore = feed.head
        changesBefore = session.changeCount
        try catalog.begin(session)
    }

    // MARK: Events

    /// Writes an event into the history and queues it for publication.
    /// - Returns: its position.
    @discardableResult
    func record(_ type: String, about subject: EventSubject = EventSubject(), _ body: JSONObject)
        throws -> Int64
    {
        let family = StoredEvent.family(of: type)
        var stored = StoredEvent(
            prev: families[family] ?? 0, type: type, at: now, version: subject.version,
            contact: subject.contact, record: subject.record, enrollment: subject.enrollment,
            body: JSON.object(body).text)
        stored.seq = try session.append(stored)
        families[family] = stored.seq
        head = stored.seq
        events.append(try EventComposer(session: session, catalog: catalog).event(stored))
        return stored.seq
    }

    /// Gives an event another body, also where it waits to be published.
    func rewrite(_ stored: StoredEvent, body: JSONObject) throws {
        let text = JSON.object(body).text
        try session.rewrite(stored.seq, body: text)
        guard stored.seq > headBefore,
            let index = events.firstIndex(where: { $0.seq == stored.seq })
        else { return }
        rewritten.append((index, events[index]))
        events[index] = events[index].with(body: text)
    }

    // MARK: What happens after the commit

    func send(_ message: ClaimedMessage) {
        sends.append(message)
        channels.claim(message.channel)
    }

    func acknowledge(_ acknowledgement: Acknowledgement) {
        acknowledgements.append(acknowledgement)
    }

    func markAnswered(_ message: MessageAddress) { answered.append(message) }

    // MARK: Counts

    /// Notes for the service's own counts what became of a message.
    func note(_ outcome: String, channel: String) {
        fates.append(MessageFate(channel: channel, outcome: outcome))
    }

    /// Notes what became of a report of `channel`.
    func note(_ outcome: ReportOutcome, of channel: String) {
        reportFates.append(ReportFate(channel: channel, outcome: outcome))
    }

    func count(_ workflow: Int64, step: String = "", _ metric: String, by delta: Int = 1) {
        counts.append(
            Count(key: Count.Key(workflow: workflow, step: step, metric: metric), delta: delta))
    }

    /// Writes what was gathered in memory.
    ///
    /// To be called once, at the end of the transaction.
    func finish() throws {
        var sums: [Count.Key: Int] = [:]
        for count in counts { sums[count.key, default: 0] += count.delta }
        for (key, sum) in sums where sum != 0 {
            try session.count(workflow: key.workflow, step: key.step, metric: key.metric, by: sum)
        }
        for (name, seq) in families where initialFamilies[name] != seq {
            try session.setFamily(name, seq)
        }
        hasWritten = session.changeCount != changesBefore
    }

    /// Where the feed stands after this turn.
    var feed: FeedPosition { FeedPosition(head: head, families: families) }

    // MARK: Undoing

    /// Runs `body` in a savepoint: where it throws, all that it did in the store and in memory is undone.
    func attempt<T>(_ body: () throws -> T) throws -> T {
        let mark = (
            events: events.count, rewritten: rewritten.count, sends: sends.count,
            acknowledgements: acknowledgements.count,
            answered: answered.count, fates: fates.count, reportFates: reportFates.count,
            counts: counts.count, families: families,
            head: head,
            catalog: catalog.mark, keysChanged: keysChanged,
            changes: session.changeCount
        )
        do {
            return try session.savepoint(body)
        } catch {
            for send in sends[mark.sends...] { channels.release(send.channel) }
            for (index, event) in rewritten[mark.rewritten...].reversed() { events[index] = event }
            rewritten.removeSubrange(mark.rewritten...)
            events.removeSubrange(mark.events...)
            sends.removeSubrange(mark.sends...)
            acknowledgements.removeSubrange(mark.acknowledgements...)
            answered.removeSubrange(mark.answered...)
            fates.removeSubrange(mark.fates...)
            reportFates.removeSubrange(mark.reportFates...)
            counts.removeSubrange(mark.counts...)
            families = mark.families
            head = mark.head
            keysChanged = mark.keysChanged
            // SQLite counts also what is undone.
            changesBefore += session.changeCount - mark.changes
            try catalog.rollBack(to: mark.catalog, session)
            throw error
        }
    }
}

/// The newest positions of the feed.
struct FeedPosition {
    var head: Int64
    var families: [String: Int64]

    init(head: Int64, families: [String: Int64]) {
        self.head = head
        self.families = families
    }

    /// Whether there may be something behind the position of `read`.
    func hasNews(for read: EventsRead) -> Bool {
        guard !read.families.isEmpty else { return head > read.after }
        return read.families.contains { families[$0] ?? 0 > read.after }
    }

    /// Where the feed stands in the store.
    init(_ session: StoreSession) throws {
        self.init(head: try session.feedHead(), families: try session.families())
    }
}

extension Event {
    fileprivate func with(body: String) -> Event {
        Event(seq: seq, prev: prev, type: type, at: at, subject: subject, body: body)
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

/// A change of one of a workflow's counts.
private struct Count {
    struct Key: Hashable {
        let workflow: Int64
        let step: String
        let metric: String
    }

    let key: Key
    let delta: Int
}

/// What became of a message that went over a channel, or should have.
struct MessageFate {
    let channel: String
    let outcome: String
}

/// What became of one report of a channel.
struct ReportFate {
    let channel: String
    let outcome: ReportOutcome
}

/// A report of a channel that is to be acknowledged.
struct Acknowledgement {
    let channel: String
    let eventID: String
}
