import ChannelJournal
import ChannelKit
import Foundation
import HTTPListener
import JSONLines

/// Sends each message as SMS by Twilio or Kannel, and tells what became of it and what contacts answered.
struct SMSChannel: Channel {
    let manifest = Manifest.sms
    private var running: Running?
    private let clock = HandoverClock()
    private let arrivals = Arrivals()
    private let turns = Turns()

    /// What a configuration started.
    private struct Running {
        let settings: SMSSettings
        let journal: SendJournal
        let workers: SendWorkers
        let listener: HTTPListener?
        let watch: TwilioWatchThread?
    }

    /// A provider that cannot be reached now is taken all the same, unless that is what was to be checked.
    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError) {
        let settings = try SMSSettings(config)
        if check {
            try settings.gateway(nil).check()
        } else if running?.settings != settings {
            try start(settings)
        }
    }

    private mutating func start(_ settings: SMSSettings) throws(ConfigurationError) {
        let journal = try journal(settings)
        stop()
        let (clock, arrivals, turns) = (clock, arrivals, turns)
        let news = ProviderNews(journal)
        running = Running(
            settings: settings, journal: journal,
            workers: SendWorkers(count: settings.connections) {
                SMSSession(
                    settings, journal, clock, arrivals, turns, settings.gateway(news))
            }, listener: try listener(settings, news), watch: watch(settings, news))
    }

    private func journal(_ settings: SMSSettings) throws(ConfigurationError) -> SendJournal {
        if let running, running.settings.journal == settings.journal { return running.journal }
        return try SendJournal(path: settings.journal)
    }

    private func listener(_ settings: SMSSettings, _ news: ProviderNews) throws(ConfigurationError)
        -> HTTPListener?
    {
        guard let address = settings.listen else { return nil }
        let calls = settings.calls(news)
        do throws(HTTPListener.Unavailable) {
            return try HTTPListener(at: address) { calls.answer($0) }
        } catch {
            throw ConfigurationError("listen: Nobody can listen here: \(error.reason).")
        }
    }

    private func watch(_ settings: SMSSettings, _ news: ProviderNews) -> TwilioWatchThread? {
        guard case .twilio(let account) = settings.provider else { return nil }
        return TwilioWatchThread(account, news)
    }

    private mutating func stop() {
        running?.workers.close()
        running?.listener?.stop()
        running?.watch?.stop()
        running = nil
    }

    mutating func send(_ tickets: [SendTicket]) {
        guard let running else {
            for ticket in tickets {
                ticket.answer(.failed(.init(.config, reason: "It is not configured.")))
            }
            return
        }
        clock.set(by: tickets)
        arrivals.enter(tickets)
        running.workers.add(tickets)
    }

    mutating func reports() -> [ChannelLine] { (try? running?.journal.waitingReports()) ?? [] }

    mutating func acknowledged(_ eventID: String) { try? running?.journal.acknowledge(eventID) }
}

extension SMSSettings {
    /// The provider for the thread that calls; without `news` it can check and no more.
    fileprivate func gateway(_ news: ProviderNews?) -> any Gateway {
        switch provider {
        case .twilio(let account): TwilioGateway(account, news)
        case .kannel(let account): KannelGateway(account)
        }
    }

    fileprivate func calls(_ news: ProviderNews) -> any ProviderCalls {
        switch provider {
        case .twilio(let account): TwilioCalls(account, news)
        case .kannel(let account): KannelCalls(account, news)
        }
    }
}

/// The program.
@main
enum Program {
    static func main() {
        var loop = ChannelMain(SMSChannel())
        loop.run()
    }
}
