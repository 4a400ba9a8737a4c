import ChannelJournal
import ChannelKit
import Foundation

/// Finds out what staff did with entries, and reports each once.
///
/// - Ticked off: the contact was called, ``ChannelLine/Inbound/Kind/answered``, and the message counts as delivered.
/// - Called off: the message counts as failed, for nobody will call.
/// - Deleted: the message counts as delivered. Whether anybody called is not known, and not said.
///
/// Everything it knows for good is in the journal; after a restart it reads open entries again.
final class EntryWatch {
    private let place: any EntryPlace
    private let journal: SendJournal
    private var tags: [String: String] = [:]
    private var lastMark: String?
    /// What was read while the place had that mark.
    private var read: Set<String> = []

    init(_ place: any EntryPlace, _ journal: SendJournal) {
        self.place = place
        self.journal = journal
    }

    /// Looks at all open entries, or as far as it comes until `isStopped`; while the place says that none has changed, only at new ones.
    ///
    /// A mark may come back, when an entry came and went between two rounds.
    func round(until isStopped: () -> Bool = { false }) throws(JournalError) {
        guard case .open(let mark) = place.survey() else { return }
        if mark == nil || mark != lastMark { read = [] }
        lastMark = mark
        let open = try journal.openSends(limit: Self.most)
            .filter { $0.reference.hasPrefix(place.address) }
        let references = Set(open.map(\.reference))
        tags = tags.filter { references.contains($0.key) }
        for send in open where !read.contains(send.reference) && !isStopped() {
            if try look(send) { read.insert(send.reference) }
        }
    }

    /// More open calls than any office has; the oldest come first.
    private static let most = 10_000

    /// False where the entry could not be read.
    private func look(_ send: SendJournal.OpenSend) throws(JournalError) -> Bool {
        switch place.read(send.reference, unlike: tags[send.reference]) {
        case .unchanged: return true
        case .silent: return false
        case .gone: try report(send.key, "gone", .delivered)
        case .text(let text, let tag):
            try take(send.key, text)
            tags[send.reference] = tag
        }
        return true
    }

    private func take(_ key: String, _ text: [UInt8]) throws(JournalError) {
        guard let name = EntryName(key: key), let state = EntryState(uid: name.uid, in: text) else {
            return
        }
        switch state {
        case .open: break
        case .completed:
            try journal.addReport(
                .inbound(.init(eventID: "answered-\(key)", kind: .answered, key: key)))
            try report(key, "completed", .delivered)
        case .cancelled:
            let reason = "The entry was called off in the calendar."
            try report(key, "cancelled", .failed(.init(.permanent, reason: reason)))
        }
    }

    /// This closes the message, so it comes last.
    private func report(_ key: String, _ what: String, _ answer: SendAnswer) throws(JournalError) {
        try journal.addReport(.status(eventID: "\(what)-\(key)", key: key, answer))
    }
}

/// The thread that looks at entries again and again.
///
/// The condition guards everything, which is what makes it `Sendable`.
final class EntryWatchThread: @unchecked Sendable {
    private let condition = NSCondition()
    private var isStopped = false

    /// Looks at entries at once, and then with the settings' pause in between, until ``stop()``.
    init(_ settings: ReminderSettings, _ journal: SendJournal) {
        let thread = Thread { [self] in
            let watch = EntryWatch(settings.destination.open(), journal)
            repeat {
                // A journal that cannot be used now is asked again in the next round.
                try? watch.round(until: { condition.withLock { isStopped } })
            } while !waitForStop(settings.pollPause)
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Lets the thread end behind the entry that it is looking at.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }

    private func waitForStop(_ pause: Duration) -> Bool {
        let limit = Date(timeIntervalSinceNow: Double(pause.components.seconds))
        return condition.withLock {
            while !isStopped, condition.wait(until: limit) {}
            return isStopped
        }
    }
}
