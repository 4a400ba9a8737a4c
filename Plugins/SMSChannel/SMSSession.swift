import ChannelJournal
import ChannelKit

/// One connection to the provider, and the rules of sending once.
final class SMSSession: SendSession {
    private let settings: SMSSettings
    private let journal: SendJournal
    private let clock: HandoverClock
    private let arrivals: Arrivals
    private let turns: Turns
    private let gateway: any Gateway

    /// A message that waited longer is not begun: its answer would come too late to count.
    private static let patience = Duration.seconds(15)

    init(
        _ settings: SMSSettings, _ journal: SendJournal, _ clock: HandoverClock,
        _ arrivals: Arrivals,
        _ turns: Turns, _ gateway: any Gateway
    ) {
        self.settings = settings
        self.journal = journal
        self.clock = clock
        self.arrivals = arrivals
        self.turns = turns
        self.gateway = gateway
    }

    func send(_ request: SendRequest) -> SendAnswer {
        let arrival = arrivals.leave(request)
        do throws(TextMessage.Unsendable) {
            let message = try TextMessage(request, settings)
            return turns.alone(with: "\(message.to.text) \(message.text)") {
                journal.once(
                    message.key, attempt: request.attempt, ruledOut: request.ruledOutAttempt,
                    route(request, message, arrival))
            }
        } catch {
            return .failed(.init(error.kind, reason: error.reason))
        }
    }

    private func route(
        _ request: SendRequest, _ message: TextMessage, _ arrival: ContinuousClock.Instant
    ) -> SendJournal.Route {
        var ended: ContinuousClock.Instant?
        return SendJournal.Route(
            send: { [self] begin in
                guard !clock.isTooLate(request) else { return .answered(.tooLate) }
                guard ContinuousClock.now - arrival <= SMSSession.patience else {
                    return .answered(.tooMany)
                }
                defer { ended = ContinuousClock.now }
                return gateway.send(message, begin)
            },
            lookUp: { [self] begun in gateway.find(message, begun: begun, ended: ended) })
    }
}

extension SendAnswer {
    fileprivate static let tooMany = SendAnswer.failed(
        .init(.transient, reason: "The provider is too slow for so many messages."))
}
