import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Lets the reports of channels do what they do, within the open transaction.
///
/// A channel's word counts for its own messages alone; see ``ReportedMessage``. What names none of them
/// is counted, acknowledged, and does nothing.
struct ReportIntake {
    let turn: Turn
    let runner: EnrollmentRunner
    let doubts: DoubtResolver

    func take(_ report: GatewayReport) throws {
        switch report {
        case .ready(let channel): try doubts.resolveAll(of: channel)
        case .down: break
        case .answer(let channel, let key, let outcome):
            try takeAnswer(outcome, to: key, from: channel)
        case .queryAnswer(let channel, let key, let outcome):
            guard let message = try message(key, of: channel) else { return }
            try doubts.answered(message, channel, outcome)
        case .status(let channel, let eventID, let key, let outcome):
            turn.acknowledge(Acknowledgement(channel: channel, eventID: eventID))
            guard let message = try message(key, of: channel), try isNew(channel, eventID) else {
                return
            }
            try settle(message, outcome)
            turn.note(.taken, of: channel)
        case .inbound(let channel, let event):
            // Until its hello nobody knows which field its addresses are in: it is repeated.
            guard turn.channels.facts[channel]?.readiness != .unheard else { return }
            turn.acknowledge(Acknowledgement(channel: channel, eventID: event.eventID))
            guard try isNew(channel, event.eventID) else { return }
            let message = try event.key.flatMap { try self.message($0, of: channel) }
            try InboundIntake(turn: turn, runner: runner).take(event, about: message, channel)
        }
    }

    /// Gives up a report that cannot be taken.
    ///
    /// A message that waits for it waits no longer: nobody knows what became of it. What a channel
    /// reports by itself it repeats, as nothing was acknowledged.
    func giveUp(_ report: GatewayReport) throws {
        turn.note(.failed, of: report.channel)
        guard let key = report.answeredKey,
            let address = MessageAddress(key: key, instance: runner.instance)
        else { return }
        turn.markAnswered(address)
        do {
            try turn.attempt {
                guard let message = try message(key, of: report.channel) else { return }
                try settle(message, .unknown(reason: "The channel's answer could not be stored."))
            }
        } catch {
            // It is taken up again when its channel starts, or the service.
            if StoreError(error) != nil { throw error }
        }
    }

    private func takeAnswer(_ outcome: SendOutcome, to key: String, from channel: String) throws {
        guard let message = try message(key, of: channel) else { return }
        turn.markAnswered(message.address)
        if case .unknown(let reason) = outcome {
            try doubts.doubt(message, channel, reason: reason)
        } else {
            try settle(message, outcome)
        }
    }

    private func message(_ key: String, of channel: String) throws -> ReportedMessage? {
        let message = try ReportedMessage(key, of: channel, in: turn, instance: runner.instance)
        if message == nil { turn.note(.stray, of: channel) }
        return message
    }

    private func isNew(_ channel: String, _ eventID: String) throws -> Bool {
        let isNew = try turn.session.rememberSignal(eventID, from: .channel(channel), at: turn.now)
        if !isNew { turn.note(.repeated, of: channel) }
        return isNew
    }

    private func settle(_ message: ReportedMessage, _ outcome: SendOutcome) throws {
        try runner.run(message.enrollment) { $0.settle(message.address, outcome) }
    }
}

extension GatewayReport {
    /// The channel that it comes from.
    var channel: String {
        switch self {
        case .ready(let channel), .down(let channel, _), .answer(let channel, _, _),
            .queryAnswer(let channel, _, _), .status(let channel, _, _, _),
            .inbound(let channel, _):
            channel
        }
    }

    /// The key of the message that waits for it, where one does.
    fileprivate var answeredKey: String? {
        switch self {
        case .answer(_, let key, _), .queryAnswer(_, let key, _): key
        case .ready, .down, .status, .inbound: nil
        }
    }
}
