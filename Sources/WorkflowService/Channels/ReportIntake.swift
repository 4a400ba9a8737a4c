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
        try eachContact(event, origin) { contact in
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

    /// Lets `body` see those whom the event is about: the message's contact, else all with the address it
    /// came from, however many.
    ///
    /// An address opts in and out for all who have it.
    private func eachContact(
        _ event: InboundEvent, _ origin: Origin?, _ body: (StoredContact) throws -> Void
    ) throws {
        if let origin, let contact = try turn.session.contact(origin.stored.contact) {
            try body(contact)
            guard event.kind == .optOut || event.kind == .optIn else { return }
        }
        guard let address = event.from else { return }
        try eachContact(at: address) { contact in
            if contact.id != origin?.stored.contact { try body(contact) }
        }
    }

    private func eachContact(at address: String, _ body: (StoredContact) throws -> Void) throws {
        let session = turn.session
        let isPhone = try eachPage(
            { try session.contacts(phone: address, after: $0, limit: $1) }, body)
        guard !isPhone else { return }
        _ = try eachPage({ try session.contacts(email: address, after: $0, limit: $1) }, body)
    }

    /// Reads page after page, so that memory does not grow with their number.
    /// - Returns: whether there was anybody.
    private func eachPage(
        _ page: (_ after: Int64, _ limit: Int) throws -> [StoredContact],
        _ body: (StoredContact) throws -> Void
    ) rethrows -> Bool {
        var last: Int64 = 0
        while true {
            let contacts = try page(last, Self.pageSize)
            for contact in contacts { try body(contact) }
            guard contacts.count == Self.pageSize, let end = contacts.last else {
                return last > 0 || !contacts.isEmpty
            }
            last = end.id
        }
    }

    private static let pageSize = 100
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
