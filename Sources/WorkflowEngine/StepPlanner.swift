internal import JSONLines
public import WorkflowModel

/// Says when steps are due.
public struct StepPlanner {
    let timeline: Timeline
    let enrollment: Enrollment
    let facts: Facts

    /// A planner for one enrollment under `facts`.
    public init(timeline: Timeline, enrollment: Enrollment, facts: Facts) {
        self.timeline = timeline
        self.enrollment = enrollment
        self.facts = facts
    }

    /// When `delay` lets go of a contact that reached it at `reached`; nil where the field it counts
    /// from holds no date.
    func target(of delay: DelayStep, reachedAt reached: Instant) -> Instant? {
        guard let anchor = anchor(of: delay, reachedAt: reached) else { return nil }
        return DelayCalendar.target(
            of: delay.rule, from: anchor, anchored: delay.from != nil, in: facts.zone,
            businessZone: facts.businessZone)
    }

    private func anchor(of delay: DelayStep, reachedAt reached: Instant) -> Anchor? {
        switch delay.from {
        case nil: .instant(reached)
        case .enrolled: .instant(enrollment.enrolled)
        case .field(let path): anchor(at: path)
        }
    }

    private func anchor(at path: FieldPath) -> Anchor? {
        facts.value(at: path, timeline: timeline, enrollment: enrollment)
            .flatMap(\.string).flatMap(Anchor.init(text:))
    }

    /// The moment behind which `message` must not go by its `not_after`; a day counts to its end on
    /// the contact's clock.
    ///
    /// Nil where it has none, or the field holds no date.
    func lastMoment(of message: MessageStep) -> Instant? {
        switch message.notAfter.flatMap(anchor(at:)) {
        case nil: nil
        case .instant(let instant)?: instant
        case .date(let date)?:
            facts.zone.instant(of: LocalTime(date: date.adding(days: 1), millisecondOfDay: 0))
        }
    }

    /// The planned moment behind a delay with `target`, for a contact that reached it at `reached`.
    ///
    /// Of two delays one behind another the later counts. A single delay counts as it is, also where
    /// its target lies before the moment at which the contact reached it: that is what lets the late
    /// rule see that an enrollment came after the fact.
    static func planned(behind target: Instant, reachedAt reached: Instant, afterDelay: Bool)
        -> Instant
    {
        afterDelay ? max(target, reached) : target
    }

    /// Until when a branch waits that was reached at `reached`.
    func limit(of within: DurationAmount, reachedAt reached: Instant) -> Instant {
        DelayCalendar.target(
            of: DelayRule(amount: within), from: .instant(reached), anchored: false, in: facts.zone,
            businessZone: facts.businessZone)
    }

    /// How late a message is at `now` that was `planned` in or outside quiet hours: those that it was
    /// planned in do not count.
    func lateness(of message: MessageStep, channel: String, planned: Instant, now: Instant)
        -> TimeSpan
    {
        // Where nobody knows whether they count, they do: what is late for both is late.
        let quiet = hours(for: message, channel: channel)
        return now - (quiet?.end(ifQuietAt: planned, in: facts.zone) ?? planned)
    }

    /// How late the enrollment's own message is at `now`, time for which quiet hours held it not counted.
    func lateness(of message: MessageStep, channel: String, now: Instant) -> TimeSpan {
        guard enrollment.reached == enrollment.planned else { return now - enrollment.reached }
        return lateness(of: message, channel: channel, planned: enrollment.planned, now: now)
    }

    /// When the enrollment's step was to be reached by the dates as they are now: before ``Enrollment/planned``
    /// where the date that the delays before it count from has moved back since they passed.
    var plannedByPresentDates: Instant {
        var planned: Instant?
        for delay in delaysPassed {
            if delay.from == nil, planned == nil { return enrollment.planned }
            guard let target = target(of: delay, reachedAt: planned ?? enrollment.enrolled) else {
                return enrollment.planned
            }
            planned = max(target, planned ?? target)
        }
        return min(planned ?? enrollment.planned, enrollment.planned)
    }

    /// The delays that lie directly before the enrollment's step, in the order in which they passed.
    private var delaysPassed: [DelayStep] {
        var delays: [DelayStep] = []
        for visit in enrollment.trail.dropLast().reversed() {
            guard case .delay(let delay) = timeline.nodes[visit.node].step.action else { break }
            delays.append(delay)
        }
        return delays.reversed()
    }

    /// How late `message` may be.
    func maxLateness(of message: MessageStep) -> TimeSpan {
        (message.maxLateness ?? MessageStep.defaultMaxLateness).nominal
    }

    /// The quiet hours that hold `message` over `channel`; nil where none do, and where the channel has
    /// not said whether they do.
    func quietHours(for message: MessageStep, channel: String) -> QuietHours? {
        facts.isUnheard(channel) ? nil : hours(for: message, channel: channel)
    }

    private func hours(for message: MessageStep, channel: String) -> QuietHours? {
        let isForStaff = facts.channels[channel]?.audience == .staff && !facts.isUnheard(channel)
        guard message.quietHours == .hold, !isForStaff else { return nil }
        return facts.settings.quietHours(for: channel)
    }

    /// The next message on the path behind the message at `node` and its planned moment, if that
    /// message went at `now`; nil where the path there depends on what has not happened yet.
    func messageBehind(_ node: Int, sentAt now: Instant) -> (node: Int, planned: Instant)? {
        var current = timeline.nodes[node].next
        var planned = now
        var afterDelay = false
        var passedDelay = false
        while current < timeline.end {
            let next = timeline.nodes[current]
            switch next.step.action {
            case .message: return passedDelay ? (current, planned) : nil
            case .exit: return nil
            case .flag:
                (current, afterDelay) = (next.next, false)
            case .delay(let delay):
                guard let target = target(of: delay, reachedAt: planned) else { return nil }
                planned = StepPlanner.planned(
                    behind: target, reachedAt: planned, afterDelay: afterDelay)
                (current, afterDelay, passedDelay) = (next.next, true, true)
            case .branch(let branch):
                guard let entry = decidedEntry(of: branch, next) else { return nil }
                (current, afterDelay) = (entry, false)
            }
        }
        return nil
    }

    private func decidedEntry(of branch: BranchStep, _ node: Timeline.Node) -> Int? {
        let conditions = ConditionEvaluation(
            timeline: timeline, enrollment: enrollment, facts: facts)
        if let index = branch.paths.firstIndex(where: { conditions.holds($0.when) }) {
            return node.entries[index]
        }
        return branch.within == nil ? node.entries.last : nil
    }
}

extension Facts {
    /// Whether `channel` is installed and has not said yet what it is.
    func isUnheard(_ channel: String) -> Bool { channels[channel]?.readiness == .unheard }
}

extension Anchor {
    /// The anchor that a field's text stands for: a moment by RFC 3339, or a day.
    init?(text: String) {
        if let instant = Instant(rfc3339: text) {
            self = .instant(instant)
        } else if let date = CalendarDate(iso: text) {
            self = .date(date)
        } else {
            return nil
        }
    }
}
