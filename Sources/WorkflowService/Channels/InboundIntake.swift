import JSONLines
import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Turns what contacts did into signals.
struct InboundIntake {
    let turn: Turn
    let runner: EnrollmentRunner

    /// Takes `event` for the contact of the message that it is about, else for all with the address it
    /// came from; where there is nobody, what is not personal of it is kept as an event.
    func take(_ event: InboundEvent, about message: ReportedMessage?, _ channel: String) throws {
        var isAnybodys = false
        try eachContact(event, message, channel) { contact in
            isAnybodys = true
            // Others at its address had no such message.
            let own = message.flatMap { $0.enrollment.contact == contact.id ? $0 : nil }
            _ = try SignalIntake(turn: turn, runner: runner).take(
                signal(event, own, channel), contact: contact, record: nil)
        }
        if isAnybodys { return turn.note(.taken, of: channel) }
        // A key that names nothing, and no address: counted as stray already.
        if message == nil, event.key != nil, event.from == nil { return }
        try takeUnmatched(event, channel)
    }

    private func takeUnmatched(_ event: InboundEvent, _ channel: String) throws {
        try turn.record(
            "inbound.unmatched",
            ["channel": .string(channel), "kind": .string(event.kind.rawValue)])
        turn.note(.unmatched, of: channel)
    }

    private func data(_ event: InboundEvent, _ message: ReportedMessage?, _ channel: String)
        -> JSONObject
    {
        var data: JSONObject = ["channel": .string(channel)]
        if let message {
            data["enrollment"] = .string(EnrollmentID.text(message.enrollment.enrollment.id))
            data["step"] = .string(message.place.stepID)
        }
        guard let text = event.text else { return data }
        return SignalText(text).put(into: data)
    }

    /// When it happened goes by the provider's clock, which may be behind ours: not before the message that
    /// it is about.
    private func signal(_ event: InboundEvent, _ message: ReportedMessage?, _ channel: String)
        -> SignalIntake.Incoming
    {
        var signal = SignalIntake.Incoming(
            name: event.kind.signal(channel), data: data(event, message, channel),
            occurredAt: event.at)
        guard let at = event.at, let message else { return signal }
        let enrollment = message.enrollment.enrollment
        let visit = enrollment.trail.last { $0.node == message.address.node }
        let reached = visit?.at ?? enrollment.enrolled
        signal.occurredAt = max(at, reached)
        signal.notBefore = reached
        return signal
    }

    // MARK: Whom it is about

    /// Lets `body` see those whom the event is about: the message's contact, else all with the address it
    /// came from, however many.
    ///
    /// An address opts in and out for all who have it.
    private func eachContact(
        _ event: InboundEvent, _ message: ReportedMessage?, _ channel: String,
        _ body: (StoredContact) throws -> Void
    ) throws {
        let own = try message.flatMap { try turn.session.contact($0.enrollment.contact) }
        // Who was erased takes nothing but an opt-out.
        if let own, !own.erased || event.kind == .optOut {
            try body(own)
            guard event.kind == .optOut || event.kind == .optIn else { return }
        }
        // What answers a message comes from where that went.
        guard let address = try event.from ?? own.flatMap({ try self.address(of: $0, channel) })
        else { return }
        try eachContact(at: address, channel) { contact in
            if contact.id != own?.id { try body(contact) }
        }
    }

    private func eachContact(
        at address: String, _ channel: String, _ body: (StoredContact) throws -> Void
    ) throws {
        for field in fields(of: channel) {
            let session = turn.session
            let isAnybodys = try eachPage(
                { try session.contacts(with: address, in: field, after: $0, limit: $1) }, body)
            if isAnybodys { return }
        }
    }

    private func address(of contact: StoredContact, _ channel: String) throws -> String? {
        let fields = try contact.parsedFields
        return self.fields(of: channel).lazy.compactMap { fields[$0]?.string }.first
    }

    /// The fields that addresses of `channel` are looked up in, one after the other until somebody is
    /// found: its own; staff have none, so that what is reported to them is about a phone or an email.
    private func fields(of channel: String) -> [String] {
        if case .contact(let field) = turn.channels.state(channel)?.audience { return [field] }
        return ["phone", "email"]
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
