import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Lets one signal do all that it does, within the open transaction.
struct SignalIntake {
    let turn: Turn
    let runner: EnrollmentRunner

    /// A signal as it comes in.
    struct Incoming {
        var name: String
        var data: JSONObject
        /// When it happened, where somebody says so; else when it comes in.
        var occurredAt: Instant?
        /// When the message that it is about was reached: it counts behind that, whatever the clocks say.
        var notBefore: Instant?
        var id: String?
    }

    /// What a signal did.
    struct Effect {
        var duplicate = false
        var enrolled: [Int64] = []
        var branched = 0
        var exited = 0
        var refused: [(workflow: String, code: ErrorCode)] = []
    }

    /// The dotted names that change what a contact opted out of.
    static let unsubscribed = "contact.unsubscribed"
    static let resubscribed = "contact.resubscribed"

    /// Takes a signal: opt-outs first, then exits and branches of those inside, then triggers.
    func take(_ signal: Incoming, contact: StoredContact, record: StoredRecord?) throws -> Effect {
        var effect = Effect()
        if let id = signal.id, try !turn.session.rememberSignal(id, from: .client, at: turn.now) {
            effect.duplicate = true
            return effect
        }
        guard !contact.erased else {
            // Erased stays erased. That nothing is to be sent any more holds also for one who comes back.
            if signal.name == Self.unsubscribed { try changeSuppression(signal, contact) }
            return effect
        }
        try recordEvent(signal, contact, record)
        try changeSuppression(signal, contact)
        let inside = try turn.session.activeEnrollments(contact: contact.id, record: record?.id)
        if !inside.isEmpty {
            _ = try turn.session.insertSignal(
                contact: contact.id, record: record?.id ?? 0, name: signal.name,
                at: moment(of: signal, for: inside), data: JSON.object(signal.data).text)
        }
        for result in try runner.runEach(inside, { $0.proceed() }) {
            if result.branched { effect.branched += 1 }
            if result.stored.enrollment.status == .exited { effect.exited += 1 }
        }
        try countReply(signal)
        try enroll(signal, contact.id, record, &effect)
        return effect
    }

    /// The moment that conditions go by.
    ///
    /// What comes in now is behind everything that those inside have reached, be it that the wall clock was
    /// set back meanwhile.
    private func moment(of signal: Incoming, for inside: [StoredEnrollment]) -> Instant {
        if let occurredAt = signal.occurredAt {
            let at = min(occurredAt, turn.now)
            return signal.notBefore.map { max(at, $0) } ?? at
        }
        return inside.reduce(turn.now) {
            max($0, $1.enrollment.enrolled, $1.enrollment.trail.last?.at ?? $0)
        }
    }

    private func recordEvent(_ signal: Incoming, _ contact: StoredContact, _ record: StoredRecord?)
        throws
    {
        var subject = EventSubject()
        subject.contact = contact.id
        subject.record = record?.id
        turn.catalog.remember(contact: contact.id, contact.publicID)
        var body: JSONObject = ["signal": .string(signal.name)]
        if !signal.data.isEmpty { body["data"] = .object(signal.data) }
        if let occurredAt = signal.occurredAt, occurredAt < turn.now {
            body["occurred_at"] = .string(occurredAt.rfc3339)
        }
        try turn.record("signal.received", about: subject, body)
    }

    private func changeSuppression(_ signal: Incoming, _ known: StoredContact) throws {
        guard signal.name == Self.unsubscribed || signal.name == Self.resubscribed else { return }
        var contact = known
        let channel = signal.data["channel"]?.string
        switch (signal.name == Self.unsubscribed, channel) {
        case (true, let channel?): contact.suppression.channels.insert(channel)
        case (true, nil): contact.suppression.all = true
        case (false, let channel?): contact.suppression.channels.remove(channel)
        case (false, nil): contact.suppression = Suppression()
        }
        guard contact.suppression != known.suppression else { return }
        try turn.session.update(contact)
        var subject = EventSubject()
        subject.contact = contact.id
        var body = JSONObject()
        body["channel"] = channel.map(JSON.string)
        try turn.record(
            signal.name == Self.unsubscribed ? "contact.suppressed" : "contact.resubscribed",
            about: subject, body)
    }

    /// A reply, opening or click that names its message counts at that message's step.
    private func countReply(_ signal: Incoming) throws {
        guard let step = signal.data["step"]?.string, let id = signal.data["enrollment"]?.string,
            let number = EnrollmentID.number(id), let stored = try turn.session.enrollment(number),
            let metric = Self.metrics.first(where: { signal.name.hasSuffix($0) })
        else { return }
        turn.count(stored.workflow, step: step, metric)
    }

    private static let metrics = ["replied", "opened", "clicked", "answered"]

    private func enroll(
        _ signal: Incoming, _ contactID: Int64, _ record: StoredRecord?, _ effect: inout Effect
    ) throws {
        let workflows = turn.catalog.workflows.values.filter { $0.state == .active }
            .sorted { $0.publicID < $1.publicID }
        for workflow in workflows {
            let version = try turn.catalog.version(workflow.version, turn.session)
            let triggers = version.timeline.definition.entry.triggers
            guard triggers.contains(where: { $0.matches(signal.name, signal.data) }),
                let contact = try turn.session.contact(contactID)
            else { continue }
            do {
                let result = try turn.attempt {
                    try Enroller(turn: turn, runner: runner).enroll(
                        workflow, contact, record,
                        source: ["kind": "trigger", "signal": .string(signal.name)])
                }
                if result.created { effect.enrolled.append(result.stored.enrollment.id) }
            } catch let error as CommandError {
                effect.refused.append((workflow.publicID, error.code))
            }
        }
    }
}
