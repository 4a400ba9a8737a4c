import JSONLines
import OrderedCollections
import WorkflowModel

/// A row, and whether it is inserted: the store has none of its key when the layer is written, nor has an
/// older layer.
struct PendingRow<Row> {
    var row: Row
    var isNew: Bool
}

// Texts that are keys are told apart by code point, as the database tells them apart.

/// A count of a workflow's statistics, by name.
struct CountKey: Hashable {
    let workflow: Int64
    let step: ExactText
    let metric: ExactText
}

/// A record, by the names that siblings know it by.
struct RecordKey: Hashable {
    let type: ExactText
    let publicID: ExactText
}

/// A signal that is to be stored.
struct PendingSignal {
    let stored: StoredSignal
    let contact: Int64
    let record: Int64
    let enrollment: Int64?
}

/// A reply that is to be stored for an idempotency key.
struct PendingReply {
    let command: String
    let reply: String
    let at: Instant
}

/// The numbers that rows were given last.
///
/// They are decided with the rows and are theirs: where the rows are dropped, the numbers are given again.
struct Counters: Equatable {
    var enrollment: Int64 = 0
    /// Nil as long as none was given since the database was opened; so for records.
    var contact: Int64?
    var record: Int64?
    var signal: Int64 = 0
    /// The last position of the feed.
    var head: Int64 = 0
}

/// What an attempt has decided and not written: dropping it undoes all of it.
///
/// It belongs to one layer of a ``WorkingSet`` and is never shared.
final class PendingRows {
    var counters: Counters
    /// The last positions of families that have a new one; they stay when they are written.
    private(set) var families: [String: Int64] = [:]
    private var familiesAreWritten = true
    // The last image of each row, in the order of their first changes: it is written once, however often
    // the row changes.
    private(set) var contacts = OrderedDictionary<Int64, PendingRow<StoredContact>>()
    private(set) var records = OrderedDictionary<Int64, PendingRow<StoredRecord>>()
    private(set) var enrollments = OrderedDictionary<Int64, PendingRow<StoredEnrollment>>()
    private(set) var messages = OrderedDictionary<MessageAddress, StoredMessage>()
    var signalIDs = OrderedDictionary<ExactText, Instant>()
    var replies = OrderedDictionary<ExactText, PendingReply>()
    private(set) var signals: [PendingSignal] = []
    private(set) var events: [StoredEvent] = []
    private(set) var counts: [(key: CountKey, delta: Int)] = []
    /// Whether something was written into the store already.
    private(set) var hasWritten = false
    /// Whether an enrollment may have been among it.
    private(set) var hasWrittenEnrollments = false

    // Other ways to the images above.
    private(set) var contactNumbers: [ExactText: Int64] = [:]
    private(set) var recordNumbers: [RecordKey: Int64] = [:]
    /// The numbers of new enrollments by contact, in their order.
    private(set) var enrolled: [Int64: [Int64]] = [:]
    private(set) var signalsByContact: [Int64: [PendingSignal]] = [:]
    /// The addresses of messages by enrollment.
    private(set) var addresses: [Int64: [MessageAddress]] = [:]

    init(counters: Counters) { self.counters = counters }

    /// Whether there is nothing to write.
    var isEmpty: Bool {
        events.isEmpty && enrollments.isEmpty && messages.isEmpty && contacts.isEmpty
            && records.isEmpty && signals.isEmpty && signalIDs.isEmpty
            && replies.isEmpty && counts.isEmpty && familiesAreWritten
    }

    /// Appends `event` to the feed.
    func append(_ event: StoredEvent, family: String) {
        counters.head = event.seq
        families[family] = event.seq
        familiesAreWritten = false
        events.append(event)
    }

    /// The positions of families that are to be written.
    var newFamilies: [String: Int64] { familiesAreWritten ? [:] : families }

    /// Whether an enrollment may have changed.
    var changesEnrollments: Bool { hasWrittenEnrollments || !enrollments.isEmpty }

    /// Notes that a statement of its own has written something.
    func wroteByStatement() { (hasWritten, hasWrittenEnrollments) = (true, true) }

    func put(_ contact: StoredContact, isNew: Bool = false) {
        let isNew = isNew || contacts[contact.id]?.isNew == true
        contacts[contact.id] = PendingRow(row: contact, isNew: isNew)
        if isNew { contactNumbers[ExactText(contact.publicID)] = contact.id }
    }

    func put(_ record: StoredRecord, isNew: Bool = false) {
        let isNew = isNew || records[record.id]?.isNew == true
        records[record.id] = PendingRow(row: record, isNew: isNew)
        if isNew { recordNumbers[record.key] = record.id }
    }

    func put(_ stored: StoredEnrollment, isNew: Bool = false) {
        let id = stored.enrollment.id
        let isNew = isNew || enrollments[id]?.isNew == true
        enrollments[id] = PendingRow(row: stored, isNew: isNew)
    }

    func insert(_ stored: StoredEnrollment) {
        enrolled[stored.contact, default: []].append(stored.enrollment.id)
        put(stored, isNew: true)
    }

    func put(_ message: StoredMessage) {
        if messages[message.address] == nil {
            addresses[message.address.enrollment, default: []].append(message.address)
        }
        messages[message.address] = message
    }

    func append(_ signal: PendingSignal) {
        signals.append(signal)
        signalsByContact[signal.contact, default: []].append(signal)
    }

    func count(_ key: CountKey, by delta: Int) {
        counts.append((key, delta))
    }

    /// What it has together with `newer`, which was decided on top of it; neither is to be used any more.
    ///
    /// It takes a step for each row of `newer`, none where it has no rows itself.
    func merging(_ newer: PendingRows) -> PendingRows {
        let result = isEmpty ? newer : self
        let families = families.merging(newer.families) { $1 }
        let familiesAreWritten = familiesAreWritten && newer.familiesAreWritten
        let hasWritten = hasWritten || newer.hasWritten
        let hasWrittenEnrollments = hasWrittenEnrollments || newer.hasWrittenEnrollments
        if result === self { mergeRows(newer) }
        result.counters = newer.counters
        result.families = families
        result.familiesAreWritten = familiesAreWritten
        result.hasWritten = hasWritten
        result.hasWrittenEnrollments = hasWrittenEnrollments
        return result
    }

    private func mergeRows(_ newer: PendingRows) {
        for pending in newer.contacts.values { put(pending.row, isNew: pending.isNew) }
        for pending in newer.records.values { put(pending.row, isNew: pending.isNew) }
        for pending in newer.enrollments.values { put(pending.row, isNew: pending.isNew) }
        for (contact, ids) in newer.enrolled { enrolled[contact, default: []] += ids }
        for message in newer.messages.values { put(message) }
        signalIDs.merge(newer.signalIDs) { $1 }
        replies.merge(newer.replies) { $1 }
        for signal in newer.signals { append(signal) }
        events += newer.events
        counts += newer.counts
    }

    /// What is left when the rows are written: the numbers, and that something was.
    var written: PendingRows {
        let rest = PendingRows(counters: counters)
        rest.families = families
        rest.hasWritten = true
        rest.hasWrittenEnrollments = changesEnrollments
        return rest
    }
}
