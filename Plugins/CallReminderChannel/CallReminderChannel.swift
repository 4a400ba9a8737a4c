import ChannelJournal
import ChannelKit
import JSONLines

/// Puts an entry with an alarm into the staff's calendar for each message, and tells what they did with it.
struct CallReminderChannel: Channel {
    let manifest = Manifest.callReminder
    private var running: Running?
    private let clock = HandoverClock()

    /// What a configuration started.
    private struct Running {
        let settings: ReminderSettings
        let journal: SendJournal
        let place: any EntryPlace
        let workers: SendWorkers
        let watch: EntryWatchThread
    }

    /// A place that cannot be reached now is taken all the same, unless that is what was to be checked.
    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError) {
        let settings = try ReminderSettings(config)
        let place = settings.destination.open()
        switch place.survey() {
        case .open: break
        case .refused(let reason): throw ConfigurationError(reason)
        case .silent(let reason): if check { throw ConfigurationError(reason) }
        }
        if !check { try start(settings, place) }
    }

    private mutating func start(_ settings: ReminderSettings, _ place: any EntryPlace)
        throws(ConfigurationError)
    {
        let journal = try journal(settings)
        stop()
        let clock = clock
        running = Running(
            settings: settings, journal: journal, place: place,
            workers: SendWorkers(count: 4) { ReminderSession(settings, journal, clock) },
            watch: EntryWatchThread(settings, journal))
    }

    private func journal(_ settings: ReminderSettings) throws(ConfigurationError) -> SendJournal {
        if let running, running.settings.journal == settings.journal { return running.journal }
        return try SendJournal(path: settings.journal)
    }

    private func stop() {
        running?.workers.close()
        running?.watch.stop()
    }

    mutating func send(_ tickets: [SendTicket]) {
        clock.set(by: tickets)
        running?.workers.add(tickets)
    }

    /// What the journal knows; else what the place holds.
    ///
    /// A message of which neither knows may go again: its name is taken once at most.
    mutating func query(key: String) -> SendAnswer? {
        guard let running, let name = EntryName(key: key) else { return nil }
        do throws(JournalError) {
            if case .settled(let answer, _) = try running.journal.memory(of: key) { return answer }
            switch running.place.find(name) {
            case .there(let answer, let reference):
                try running.journal.settle(key, answer, reference: reference)
                return answer
            case .absent:
                try running.journal.forget(key)
                return nil
            case .silent(let reason): return .unknown(reason: reason)
            }
        } catch {
            return .unknown(reason: error.description)
        }
    }

    mutating func reports() -> [ChannelLine] { (try? running?.journal.waitingReports()) ?? [] }

    mutating func acknowledged(_ eventID: String) { try? running?.journal.acknowledge(eventID) }
}

/// The program.
@main
enum Program {
    static func main() {
        var loop = ChannelMain(CallReminderChannel())
        loop.run()
    }
}
