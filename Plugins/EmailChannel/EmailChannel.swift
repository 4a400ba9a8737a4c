import ChannelJournal
import ChannelKit
import Curl
import JSONLines

/// Submits each message to a mail server.
struct EmailChannel: Channel {
    let manifest = Manifest.email
    private var running: Running?
    private let clock = HandoverClock()

    /// What a configuration started.
    private struct Running {
        let settings: EmailSettings
        let journal: SendJournal
        let workers: SendWorkers
    }

    /// A server that cannot be reached now is taken all the same, unless that is what was to be checked.
    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError) {
        let settings = try EmailSettings(config)
        if check { return try greet(settings) }
        let journal = try journal(settings)
        running?.workers.close()
        let clock = clock
        running = Running(
            settings: settings, journal: journal,
            workers: SendWorkers(count: settings.connections) {
                EmailSession(settings, journal, clock)
            })
    }

    private func greet(_ settings: EmailSettings) throws(ConfigurationError) {
        do throws(TransferFailure) {
            try Transfer().check(settings.greeting)
        } catch {
            throw ConfigurationError(Refusal(error, isOwnAddress: true).explanation)
        }
    }

    private func journal(_ settings: EmailSettings) throws(ConfigurationError) -> SendJournal {
        if let running, running.settings.journal == settings.journal { return running.journal }
        return try SendJournal(path: settings.journal)
    }

    mutating func send(_ tickets: [SendTicket]) {
        clock.set(by: tickets)
        running?.workers.add(tickets)
    }
}

/// The program.
@main
enum Program {
    static func main() {
        var loop = ChannelMain(EmailChannel())
        loop.run()
    }
}
