import JSONLines

/// What must hold of decisions that go by what a channel is: the service knows it, or waits.
struct ChannelRules {
    let channels: SimulatedChannels
    let knowledge: Knowledge

    /// Judges an event of the feed.
    func check(_ event: JSONObject) throws {
        let type = event["type"]?.string ?? ""
        guard type.hasPrefix("message."), let step = event["step"]?.string else { return }
        let name = "\(event["enrollment"]?.string ?? "?") \(step)"
        try checkOwner(event, name)
        switch (type, event["reason"]?.string) {
        case ("message.skipped", "missing_address"): try checkField(event, step, name)
        case ("message.skipped", "suppressed"), ("message.held", "quiet_hours"):
            guard channel(event)?.isForStaff == true else { return }
            throw Violation("\(name): a message to staff met \(event["reason"]?.text ?? "")")
        default: return
        }
    }

    private func channel(_ event: JSONObject) -> SimulatedChannel? {
        event["channel"]?.string.flatMap(channels.channel)
    }

    /// What is missed is the field that one of the step's own channels asks for.
    private func checkField(_ event: JSONObject, _ step: String, _ name: String) throws {
        guard let enrollment = event["enrollment"]?.string,
            let names = knowledge.definition(of: enrollment)?.channels[step]
        else { return }
        let fields = names.compactMap { channels.channel($0)?.field }.map { "contact.\($0)" }
        guard let detail = event["detail"]?.string, fields.contains(detail) else {
            throw Violation("\(name): \(names) asks for no \(event["detail"]?.text ?? "field")")
        }
    }

    /// What only a channel can say of a message is about one that was handed to it.
    private func checkOwner(_ event: JSONObject, _ name: String) throws {
        guard ["message.accepted", "message.delivered"].contains(event["type"]?.string),
            let key = event["key"]?.string, let channel = event["channel"]?.string,
            channels.owners[key] != channel
        else { return }
        throw Violation("\(name): \(channel) never had it, and the feed says what became of it")
    }
}
