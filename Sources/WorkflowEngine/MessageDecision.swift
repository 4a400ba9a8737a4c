internal import JSONLines
public import WorkflowModel

/// What to do with a message whose turn it is.
enum MessageDecision {
    case send(SendIntent)
    case hold(HoldReason, until: Instant?, Enrollment.Lane)
    /// Its channel has no room; it waits there without a word.
    case queue(channel: String)
    case skip(SkipReason, detail: String?)
}

/// Decides on one message at one moment.
///
/// The order of the checks is the order of their weight: what forbids the message for good comes
/// before what only delays it.
struct MessageDecider {
    let planner: StepPlanner
    let message: MessageStep
    let now: Instant

    private var enrollment: Enrollment { planner.enrollment }
    private var facts: Facts { planner.facts }

    func decide() -> (variant: Int, decision: MessageDecision) {
        let choice = usableVariant()
        let variant = message.variants[choice.variant]
        if facts.workflowState == .halted {
            return (choice.variant, .hold(.halted, until: nil, .halted))
        }
        if let skip = tooLate(variant.channel) { return (choice.variant, skip) }
        if let (reason, detail) = choice.obstacle {
            return (choice.variant, .skip(reason, detail: detail))
        }
        return (choice.variant, decide(choice.variant, variant))
    }

    /// The channel that the message would go over now: its quiet hours and its address count.
    var channel: String { message.variants[usableVariant().variant].channel }

    private func decide(_ number: Int, _ variant: MessageStep.Variant) -> MessageDecision {
        let (texts, defaults): ([SendIntent.Text], [String])
        do throws(RenderingError) {
            (texts, defaults) = try render(variant)
        } catch {
            switch error {
            case .missingField(let field): return .skip(.missingField, detail: field.text)
            case .tooLong: return .skip(.tooLong, detail: nil)
            }
        }
        if let until = quietUntil(variant.channel) {
            return .hold(.quietHours, until: until, .schedule)
        }
        switch facts.channels[variant.channel]?.readiness {
        case .open: return .send(intent(number, variant, texts, defaults))
        case .busy: return .queue(channel: variant.channel)
        case .down, .unheard, nil:
            return .hold(.channelDown, until: nil, .channel(variant.channel))
        }
    }

    private func tooLate(_ channel: String) -> MessageDecision? {
        let lateness = planner.lateness(of: message, channel: channel, now: now)
        if lateness > planner.maxLateness(of: message) { return .skip(.late, detail: nil) }
        if let last = planner.lastMoment(of: message), now > last {
            return .skip(.late, detail: message.notAfter?.text)
        }
        guard let behind = planner.messageBehind(enrollment.node, sentAt: now),
            behind.planned <= now,
            behind.planned > planner.plannedByPresentDates
        else { return nil }
        return .skip(.superseded, detail: planner.timeline.nodes[behind.node].step.id)
    }

    /// The first variant from the current one on that nothing stands against, as far as its channel has
    /// said what it is; where there is none, the current one with what stands against it.
    private func usableVariant() -> (variant: Int, obstacle: (SkipReason, String)?) {
        let first = min(enrollment.variant, message.variants.count - 1)
        for number in first..<message.variants.count where obstacle(message.variants[number]) == nil
        {
            return (number, nil)
        }
        return (first, obstacle(message.variants[first]))
    }

    private func obstacle(_ variant: MessageStep.Variant) -> (SkipReason, String)? {
        guard let channel = facts.channels[variant.channel] else {
            return (.channelUnknown, variant.channel)
        }
        guard channel.readiness != .unheard, case .contact(let field) = channel.audience else {
            return nil
        }
        if facts.suppression.covers(variant.channel) { return (.suppressed, variant.channel) }
        return address(field) == nil ? (.missingAddress, Self.detail(field, facts.contact)) : nil
    }

    /// The address's field, and what it holds where that is no text: some providers' ids are numbers.
    private static func detail(_ field: String, _ contact: JSONObject) -> String {
        switch contact[field] ?? .null {
        case .null, .string: "contact.\(field)"
        case let value: "contact.\(field) holds \(value.kind), not a text"
        }
    }

    private func address(_ field: String) -> String? {
        guard let text = facts.contact[field]?.string, !text.looksEmpty else { return nil }
        return text
    }

    /// The texts of `variant`, and the fields for which a default stands in any of them.
    private func render(_ variant: MessageStep.Variant) throws(RenderingError)
        -> ([SendIntent.Text], [String])
    {
        var texts: [SendIntent.Text] = []
        var defaults: [String] = []
        var length = 0
        for part in variant.content {
            let rendered = try render(part)
            length += rendered.text.utf8.count
            guard length <= DefinitionLimits.message else { throw .tooLong }
            texts.append(SendIntent.Text(name: part.name, text: rendered.text))
            let known = Set(defaults)
            defaults += rendered.defaultsUsed.filter { !known.contains($0) }
        }
        return (texts, defaults)
    }

    private func render(_ part: MessageStep.Part) throws(RenderingError) -> MessageTemplate.Rendered
    {
        try part.template.render(escapingHTML: part.name == "html", zone: facts.zone) { path in
            facts.value(at: path, timeline: planner.timeline, enrollment: enrollment)
        }
    }

    /// The end of the quiet time that `now` lies in, plus this message's place in the spread.
    private func quietUntil(_ channel: String) -> Instant? {
        guard let quiet = planner.quietHours(for: message, channel: channel),
            let end = quiet.end(ifQuietAt: now, in: facts.zone)
        else { return nil }
        let spread = end + QuietHoursSpread.offset(contact: facts.contactID, node: enrollment.node)
        return quiet.end(ifQuietAt: spread, in: facts.zone) == nil ? spread : end
    }

    private func intent(
        _ number: Int, _ variant: MessageStep.Variant, _ texts: [SendIntent.Text],
        _ defaults: [String]
    ) -> SendIntent {
        var to: String?
        if case .contact(let field)? = facts.channels[variant.channel]?.audience {
            to = address(field)
        }
        return SendIntent(
            message: MessageAddress(
                enrollment: enrollment.id, node: enrollment.node, variant: number),
            step: planner.timeline.nodes[enrollment.node].step.id, channel: variant.channel,
            attempt: (number == enrollment.variant ? enrollment.attempt : 0) + 1, to: to,
            from: facts.settings.senders[variant.channel], content: texts, defaultsUsed: defaults,
            planned: enrollment.planned, notAfter: notAfter(variant.channel),
            repeatsDoubtful: number == enrollment.variant && enrollment.hold?.isRepetition == true)
    }

    private func notAfter(_ channel: String) -> Instant {
        let lateness = planner.lateness(of: message, channel: channel, now: now)
        let latest = now + (planner.maxLateness(of: message) - lateness)
        return planner.lastMoment(of: message).map { min($0, latest) } ?? latest
    }
}

/// Spreads the messages that leave at the end of quiet hours, so that a business's whole day does not
/// go out in one second.
public enum QuietHoursSpread {
    /// The messages leave within this time.
    public static let window = TimeSpan.minutes(5)

    /// The place of a contact's message at step `node`: the same each time it is asked for.
    ///
    /// Hash: FNV-1a, 64 bits (Fowler, Noll, Vo).
    public static func offset(contact: String, node: Int) -> TimeSpan {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in contact.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ UInt64(node)) &* 0x100_0000_01b3
        let seconds = (hash >> 16) % UInt64(window.milliseconds / 1_000)
        return .seconds(Int(seconds))
    }
}
