import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Lets the reports of channels do what they do, within the open transaction.
struct ReportIntake {
    let turn: Turn
    let runner: EnrollmentRunner
    let doubts: DoubtResolver

    func take(_ report: GatewayReport) throws {
        switch report {
        case .ready(let channel): try doubts.resolveAll(of: channel)
        case .down: break
        case .answer(let channel, let key, .unknown(let reason)):
            try doubts.doubt(key: key, channel: channel, reason: reason)
        case .answer(_, let key, let outcome):
            if let address = MessageAddress(key: key, instance: runner.instance) {
                turn.markAnswered(address)
            }
            try settle(key, outcome)
        case .queryAnswer(let channel, let key, let outcome):
            try doubts.answered(key: key, channel: channel, outcome)
        case .status(let channel, let eventID, let key, let outcome):
            turn.acknowledge(Acknowledgement(channel: channel, eventID: eventID))
            guard try isNew(channel, eventID) else { return }
            try settle(key, outcome)
        case .inbound(let channel, let event):
            turn.acknowledge(Acknowledgement(channel: channel, eventID: event.eventID))
            guard try isNew(channel, event.eventID) else { return }
            try InboundIntake(turn: turn, runner: runner).take(event, channel: channel)
        }
    }

    private func isNew(_ channel: String, _ eventID: String) throws -> Bool {
        try turn.session.rememberSignal("channel:\(channel):\(eventID)", at: turn.now)
    }

    private func settle(_ key: String, _ outcome: SendOutcome) throws {
        guard let address = MessageAddress(key: key, instance: runner.instance),
            let stored = try turn.session.enrollment(address.enrollment)
        else { return }
        try runner.run(stored) { $0.settle(address, outcome) }
    }
}

/// Turns what contacts did into signals.
struct InboundIntake {
    let turn: Turn
    let runner: EnrollmentRunner

    func take(_ event: InboundEvent, channel: String) throws {
        let origin = try origin(of: event)
        for contact in try contacts(event, origin) {
            var data: JSONObject = ["channel": .string(channel)]
            data["text"] = event.text.map(JSON.string)
            if let origin {
                data["enrollment"] = .string(EnrollmentID.text(origin.stored.enrollment.id))
                data["step"] = .string(origin.step)
            }
            let signal = SignalIntake.Incoming(
                name: event.kind.signal(channel), data: data,
                occurredAt: moment(of: event, origin), id: nil)
            _ = try SignalIntake(turn: turn, runner: runner).take(
                signal, contact: contact, record: nil)
        }
    }

    /// When it happened by the provider's clock, which may be behind ours: not before the message that it is
    /// about.
    private func moment(of event: InboundEvent, _ origin: Origin?) -> Instant? {
        guard let at = event.at, let origin else { return event.at }
        return max(at, origin.reached)
    }

    /// The message that an event is about.
    private struct Origin {
        let stored: StoredEnrollment
        let step: String
        /// When the contact reached that step.
        let reached: Instant
    }

    private func origin(of event: InboundEvent) throws -> Origin? {
        guard let key = event.key,
            let address = MessageAddress(key: key, instance: runner.instance),
            let stored = try turn.session.enrollment(address.enrollment)
        else { return nil }
        let nodes = try turn.catalog.version(stored.version, turn.session).timeline.nodes
        guard nodes.indices.contains(address.node) else { return nil }
        let visit = stored.enrollment.trail.last { $0.node == address.node }
        return Origin(
            stored: stored, step: nodes[address.node].step.id,
            reached: visit?.at ?? stored.enrollment.enrolled)
    }

    /// Those whom the event is about: the message's contact, else all with the address it came from.
    private func contacts(_ event: InboundEvent, _ origin: Origin?) throws -> [StoredContact] {
        if let origin { return try turn.session.contact(origin.stored.contact).map { [$0] } ?? [] }
        guard let address = event.from else { return [] }
        let byPhone = try turn.session.contacts(phone: address)
        return byPhone.isEmpty ? try turn.session.contacts(email: address) : byPhone
    }
}

extension InboundEvent.Kind {
    fileprivate func signal(_ channel: String) -> String {
        switch self {
        case .reply: "\(channel).replied"
        case .opened: "\(channel).opened"
        case .clicked: "link.clicked"
        case .answered: "call.answered"
        case .optOut: SignalIntake.unsubscribed
        case .optIn: SignalIntake.resubscribed
        }
    }
}
