import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Writes what a decision brought about: events, counts, message rows, signals, and what is to be sent.
struct HappeningRecorder {
    let turn: Turn
    let before: StoredEnrollment
    let after: StoredEnrollment
    let version: Version
    let facts: Facts
    let instance: String

    private var subject: EventSubject { EventSubject(after) }

    func record(_ happening: Happening) throws {
        switch happening {
        case .passed(let node, let passage): try passed(node, passage)
        case .held(let node, let reason, let until): try held(node, reason, until)
        case .skipped(let node, let reason, let detail): try skipped(node, reason, detail)
        case .claimed(let intent): try claimed(intent)
        case .settled(let message, let outcome, let isFinal): try settled(message, outcome, isFinal)
        case .takenBack(let message): try takenBack(message)
        case .suppressed(let channel): try suppressed(channel)
        case .signalled(let signal): try signalled(signal)
        case .ended(let inFlight): try ended(inFlight)
        }
    }

    private func step(_ node: Int) -> Step { version.timeline.nodes[node].step }

    private func body(_ node: Int) -> JSONObject {
        ["step": .string(step(node).id), "kind": .string(step(node).action.kind)]
    }

    private func count(_ node: Int, _ metric: String) {
        turn.count(after.workflow, step: step(node).id, metric)
    }

    // MARK: Steps

    private func passed(_ node: Int, _ passage: Passage) throws {
        var body = body(node)
        switch passage {
        case .delay: break
        case .branch(let path):
            body["path"] = .string(path)
            count(node, "path:\(path)")
        case .exit(let reason): body["reason"] = reason.map(JSON.string)
        case .flag(let name, let note):
            body["flag"] = .string(name)
            body["note"] = note.map(JSON.string)
            try turn.record("flag.raised", about: subject, body)
        }
        try turn.record("step.executed", about: subject, body)
    }

    /// Counts how many contacts stand at each step, and how many reached it.
    func countMovement() {
        let timeline = version.timeline
        let known = min(before.enrollment.trail.count, after.enrollment.trail.count)
        for visit in after.enrollment.trail[known...] where visit.node < timeline.end {
            count(visit.node, "reached")
        }
        let left = standing(before)
        let stands = standing(after)
        guard left != stands else { return }
        if let left { turn.count(after.workflow, step: step(left).id, "inside", by: -1) }
        if let stands { turn.count(after.workflow, step: step(stands).id, "inside", by: 1) }
    }

    private func standing(_ stored: StoredEnrollment) -> Int? {
        let enrollment = stored.enrollment
        guard enrollment.status == .active, enrollment.node < version.timeline.end,
            !enrollment.trail.isEmpty
        else { return nil }
        return enrollment.node
    }

    // MARK: Messages

    private func held(_ node: Int, _ reason: HoldReason, _ until: Instant?) throws {
        var body = body(node)
        body["channel"] = channel(node, after.enrollment.variant).map(JSON.string)
        body["reason"] = .string(reason.code)
        body["until"] = until.map { .string($0.rfc3339) }
        try turn.record("message.held", about: subject, body)
    }

    private func skipped(_ node: Int, _ reason: SkipReason, _ detail: String?) throws {
        var body = body(node)
        body["channel"] = channel(node, 0).map(JSON.string)
        body["reason"] = .string(reason.rawValue)
        body["detail"] = detail.map(JSON.string)
        body["explanation"] = .string(reason.explanation)
        try turn.session.eraseWaitingRequests(enrollment: after.enrollment.id)
        try turn.record("message.skipped", about: subject, body)
        count(node, "skipped:\(reason.rawValue)")
        if let channel = channel(node, 0) { turn.note("skipped", channel: channel) }
    }

    private func channel(_ node: Int, _ variant: Int) -> String? {
        guard case .message(let message) = step(node).action,
            message.variants.indices.contains(variant)
        else { return nil }
        return message.variants[variant].channel
    }

    private func claimed(_ intent: SendIntent) throws {
        let context = SendContext(turn: turn, stored: after, version: version, facts: facts)
        var request = intent.request(context: try context.members(intent))
        let text = try turn.session.message(intent.message)?.request
        if let before = try text.flatMap({ try JSON(parsing: $0).object }) {
            if intent.repeatsDoubtful { request = before }
            request["ruled_out"] = before["ruled_out"]
        }
        let claimed = ClaimedMessage(
            address: intent.message, key: intent.message.key(instance: instance),
            channel: intent.channel,
            attempt: intent.attempt, at: turn.now, notAfter: intent.notAfter, request: request)
        // Once it is handed over it may go: from here on only the attempts before it are ruled out.
        request["resend"] = nil
        try turn.session.put(
            StoredMessage(
                address: intent.message, state: .sending, channel: intent.channel,
                attempt: intent.attempt,
                request: JSON.object(request).text))
        turn.send(claimed)
    }

    private func takenBack(_ address: MessageAddress) throws {
        guard var message = try turn.session.message(address), let text = message.request,
            var request = try JSON(parsing: text).object
        else { return }
        request["resend"] = true
        message.request = JSON.object(request).text
        message.state = .unknown
        try turn.session.put(message)
    }

    private func settled(_ address: MessageAddress, _ outcome: SendOutcome, _ isFinal: Bool) throws
    {
        guard var message = try turn.session.message(address) else { return }
        guard isFinal else { return try close(&message, state: .waiting) }
        guard outcome.state > message.state, message.state != .delivered else { return }
        var body = body(address.node)
        body["channel"] = .string(message.channel)
        body["attempt"] = .integer(Int64(message.attempt))
        body["key"] = .string(address.key(instance: instance))
        for (name, value) in try said(message, outcome).members { body[name] = value }
        let type = "message.\(outcome.state.name)"
        if try isErased { body = HistoryRedaction.redacted(body, of: type) ?? body }
        let seq = try turn.record(type, about: subject, body)
        count(address.node, outcome.state.name)
        turn.note(outcome.state.name, channel: message.channel)
        message.seq = seq
        try close(&message, state: outcome.state)
    }

    /// Whether the contact was erased while the message was with its channel.
    private var isErased: Bool {
        get throws {
            guard after.enrollment.status != .active else { return false }
            return try turn.session.contact(after.contact)?.erased == true
        }
    }

    /// What was said and to whom, where it may have left for the first time; and why not, where it did not.
    private func said(_ message: StoredMessage, _ outcome: SendOutcome) throws -> JSONObject {
        var body = JSONObject()
        if message.state <= .unknown, let text = message.request,
            let request = try JSON(parsing: text).object
        {
            for name in ["to", "from", "content"] { body[name] = request[name] }
            body["planned"] = request["context"]?["planned"]
            body["defaults_used"] = request["context"]?["defaults_used"]
        }
        switch outcome {
        case .failed(let failure):
            body["failure"] = .string(failure.kind.rawValue)
            body["reason"] = .string(failure.reason)
        case .unknown(let reason): body["reason"] = .string(reason)
        case .accepted, .sent, .delivered: break
        }
        return body
    }

    /// Keeps what was said where it may be asked for: the row of a message that waits for another attempt
    /// tells that its channel has had it, and what a person ruled out.
    private func close(_ message: inout StoredMessage, state: MessageState) throws {
        message.state = state
        if state > .unknown { message.request = nil }
        try turn.session.put(message)
    }

    // MARK: Contacts and ends

    private func suppressed(_ channel: String) throws {
        guard var contact = try turn.session.contact(after.contact) else { return }
        guard contact.suppression.channels.insert(channel).inserted else { return }
        try turn.session.update(contact)
        try turn.record(
            "contact.suppressed", about: subject,
            ["channel": .string(channel), "source": "channel"])
    }

    /// Only an enrollment that goes on can ask for it.
    private func signalled(_ signal: Signal) throws {
        guard after.enrollment.status == .active else { return }
        _ = try turn.session.insertSignal(
            contact: after.contact, record: after.record, name: signal.name, at: signal.at,
            data: JSON.object(signal.data).text, enrollment: after.enrollment.id)
    }

    private func ended(_ inFlight: Bool) throws {
        let enrollment = after.enrollment
        var body = JSONObject()
        body["exit"] = enrollment.exit.map(JSON.string)
        if enrollment.node < version.timeline.end {
            body["step"] = .string(step(enrollment.node).id)
        }
        if inFlight { body["in_flight"] = true }
        try turn.session.eraseWaitingRequests(enrollment: enrollment.id)
        try turn.record("enrollment.\(enrollment.status.name)", about: subject, body)
        turn.count(after.workflow, "inside", by: -1)
        turn.count(after.workflow, enrollment.status.name)
        if let exit = enrollment.exit { turn.count(after.workflow, "exit:\(exit)") }
    }
}

extension SendIntent {
    fileprivate func request(context: JSONObject) -> JSONObject {
        var texts = JSONObject()
        for text in content { texts[text.name] = .string(text.text) }
        var request = JSONObject()
        request["to"] = to.map(JSON.string)
        request["from"] = from.map(JSON.string)
        request["content"] = .object(texts)
        request["context"] = .object(context)
        return request
    }
}

extension SendOutcome {
    /// The state that the outcome brings a message to.
    var state: MessageState {
        switch self {
        case .accepted: .accepted
        case .sent: .sent
        case .delivered: .delivered
        case .failed: .failed
        case .unknown: .unknown
        }
    }
}

extension SkipReason {
    /// One plain sentence for people.
    var explanation: String {
        switch self {
        case .late: "It was later than the step allows."
        case .superseded: "The next message on the path was already due as well."
        case .suppressed: "The contact opted out of this channel, and there is no other."
        case .missingField: "A merge field has no value and no default."
        case .tooLong: "A text is too long with the values of its merge fields."
        case .missingAddress: "The contact has no address for this channel."
        case .channelUnknown: "No such channel is installed."
        }
    }
}
