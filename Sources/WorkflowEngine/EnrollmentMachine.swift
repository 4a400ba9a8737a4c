import JSONLines
public import WorkflowModel

/// Moves one enrollment: facts and a moment in, a changed enrollment and what it brought about out.
///
/// Nothing here reads a clock, a database or a socket. Each entry point leaves the enrollment in a
/// state in which it waits for something: a moment, room in a channel, an answer, or a person.
public struct EnrollmentMachine {
    /// The version that the enrollment goes through.
    public let timeline: Timeline
    /// The moment of the decision.
    public let now: Instant
    /// What is known; signals that the enrollment raises itself are appended.
    public private(set) var facts: Facts
    /// The enrollment as decided so far.
    public private(set) var enrollment: Enrollment
    /// What the decision brought about, in order.
    public private(set) var happenings: [Happening] = []

    private let pausesAtBranches: Bool

    /// A machine for `enrollment`, with nothing decided yet.
    ///
    /// With `pausesAtBranches` it takes no path by itself: a preview calls ``take(path:at:)``.
    public init(
        timeline: Timeline, enrollment: Enrollment, facts: Facts, now: Instant,
        pausesAtBranches: Bool = false
    ) {
        self.pausesAtBranches = pausesAtBranches
        self.timeline = timeline
        self.enrollment = enrollment
        self.facts = facts
        self.now = now
    }

    private var planner: StepPlanner {
        StepPlanner(timeline: timeline, enrollment: enrollment, facts: facts)
    }

    // MARK: Entry points

    /// Takes an enrollment to its first step.
    public mutating func begin() {
        guard enrollment.trail.isEmpty, timeline.end > 0 else { return }
        enrollment.trail = [Enrollment.Visit(node: 0, at: enrollment.enrolled)]
    }

    /// Goes on as far as it can at ``now``: because the enrollment is due, or because facts changed.
    public mutating func proceed() {
        if fireExit() { return }
        while enrollment.status == .active, work() {}
    }

    /// Takes what the channel said of the message that is with it, and goes on.
    ///
    /// An enrollment that has ended meanwhile keeps its end, and one that stands at another step stays
    /// there unless a condition asked for this; what became of the message is reported all the same.
    public mutating func settle(_ message: MessageAddress, _ outcome: SendOutcome) {
        guard !leavesDoubt(outcome, about: message) else { return stayInDoubt() }
        let step = isWaiting(for: message, outcome) ? messageStep : nil
        let isFinal = step.map { settles(outcome, $0) } ?? true
        happenings.append(.settled(message, outcome, isFinal: isFinal))
        if isFinal { raiseSignal(for: message, outcome) }
        if case .failed(let failure) = outcome, failure.kind == .suppressed { suppress(message) }
        if let step { apply(outcome, step) }
        proceed()
    }

    private mutating func apply(_ outcome: SendOutcome, _ step: MessageStep) {
        switch outcome {
        case .accepted, .sent, .delivered: leave(at: now)
        case .unknown: park()
        case .failed(let failure):
            // It did not go for certain: it is with nobody, and nothing is in doubt any more.
            enrollment.phase = .arrived
            enrollment.hold = nil
            fail(failure, step)
        }
    }

    /// Whether `outcome` says only that the latest attempt did not get through, while an earlier one is in
    /// doubt.
    private func leavesDoubt(_ outcome: SendOutcome, about message: MessageAddress) -> Bool {
        guard case .failed(let failure) = outcome, failure.kind == .config else { return false }
        return enrollment.phase == .sending && enrollment.hold == .inDoubt
            && enrollment.node == message.node && enrollment.variant == message.variant
    }

    private mutating func stayInDoubt() {
        guard enrollment.status == .active, let step = messageStep else {
            return remainsUnknown(EnrollmentMachine.endedInDoubt)
        }
        holdForChannel(step)
        proceed()
    }

    private static let endedInDoubt = "The enrollment ended before anybody knew whether it went."

    /// Lets a message whose fate is unknown be sent again with the same key, because its channel
    /// tells a repeated key.
    ///
    /// The caller knows that no answer is on its way any more.
    public mutating func repeatDoubtful() { repeatMessage(.inDoubt) }

    /// Lets a message whose fate is unknown be sent again with the same key, because a person says that
    /// it did not go.
    ///
    /// Nothing is in doubt any more: where it may not go by now, it is skipped as any other would be,
    /// or its fallback goes.
    public mutating func resend() { repeatMessage(.resend) }

    private mutating func repeatMessage(_ reason: HoldReason) {
        guard enrollment.status == .active,
            enrollment.phase == .unknown || enrollment.phase == .sending
        else { return }
        enrollment.phase = .held
        enrollment.hold = reason
        enrollment.due = now
        enrollment.lane = .schedule
        proceed()
    }

    /// Lets the message at hand be sent again, which its channel has never seen: nothing about it is in doubt.
    ///
    /// The caller knows that no answer is on its way any more.
    public mutating func repeatUnseen(_ message: MessageAddress) {
        let outcome = SendOutcome.failed(SendFailure(.config, reason: "never_seen"))
        guard isWaiting(for: message, outcome) else { return }
        happenings.append(.settled(message, outcome, isFinal: false))
        enrollment.phase = .arrived
        enrollment.hold = nil
        enrollment.due = now
        enrollment.lane = .schedule
        proceed()
    }

    /// Takes the path called `name` of the branch that the enrollment stands at, whatever its
    /// condition says, and goes on.
    ///
    /// `moment` is when it is taken.
    public mutating func take(path name: String, at moment: Instant) {
        guard enrollment.status == .active, enrollment.node < timeline.end,
            case .branch(let branch) = timeline.nodes[enrollment.node].step.action,
            let index = branch.lists.firstIndex(where: { $0.name == name })
        else { return }
        _ = take(name, timeline.nodes[enrollment.node].entries[index], at: moment)
        proceed()
    }

    /// Ends the enrollment by command.
    public mutating func unenroll() { end(.unenrolled, exit: nil) }

    // MARK: Exits

    private mutating func fireExit() -> Bool {
        guard enrollment.status == .active else { return true }
        let conditions = ConditionEvaluation(
            timeline: timeline, enrollment: enrollment, facts: facts)
        if facts.suppresses(timeline, enrollment) {
            end(.exited, exit: EnrollmentMachine.unsubscribedExit)
        } else if let rule = timeline.definition.exits.first(where: { conditions.holds($0.when) }) {
            end(.exited, exit: rule.name)
        }
        return enrollment.status != .active
    }

    /// The exit's name where the contact opted out of all that the workflow could use.
    public static let unsubscribedExit = "unsubscribed"
    /// The exit's name where a message failed whose step says to exit then.
    public static let failedExit = "message_failed"
    /// The exit's name behind an `exit` step without a reason.
    public static let stepExit = "exit_step"
    /// The exit's name where a delay's date has vanished.
    public static let anchorExit = "anchor_missing"

    private mutating func end(_ status: Enrollment.Status, exit: String?) {
        guard enrollment.status == .active else { return }
        let inFlight =
            enrollment.phase == .sending || enrollment.phase == .unknown
            || enrollment.hold == .inDoubt
        // No answer is on its way: it would have come with the next attempt.
        if enrollment.phase == .held, enrollment.hold == .inDoubt {
            remainsUnknown(EnrollmentMachine.endedInDoubt)
        }
        enrollment.status = status
        enrollment.exit = exit
        enrollment.due = nil
        enrollment.lane = .parked
        // The answer that is on its way may say too little to end the doubt.
        if enrollment.phase != .sending { enrollment.hold = nil }
        happenings.append(.ended(inFlight: inFlight))
    }

    // MARK: Steps

    /// Works on the current step.
    ///
    /// Returns whether the enrollment went on to another.
    private mutating func work() -> Bool {
        guard enrollment.node < timeline.end else {
            end(.finished, exit: nil)
            return false
        }
        let node = timeline.nodes[enrollment.node]
        switch node.step.action {
        case .delay(let delay): return wait(for: delay)
        case .branch(let branch): return choose(branch, node)
        case .message(let message): return work(on: message)
        case .flag(let name, let note):
            happenings.append(.passed(node: enrollment.node, .flag(name: name, note: note)))
            return go(to: node.next, at: enrollment.reached)
        case .exit(let reason):
            happenings.append(.passed(node: enrollment.node, .exit(reason: reason)))
            end(.exited, exit: reason ?? EnrollmentMachine.stepExit)
            return false
        }
    }

    /// Goes to step `next`, which is reached at `moment` by plan.
    private mutating func go(to next: Int, at moment: Instant) -> Bool {
        enrollment.node = next
        enrollment.phase = .arrived
        enrollment.reached = moment
        enrollment.variant = 0
        enrollment.attempt = 0
        enrollment.hold = nil
        enrollment.due = now
        enrollment.lane = .schedule
        if next < timeline.end { enrollment.trail.append(.init(node: next, at: moment)) }
        return true
    }

    private mutating func wait(for delay: DelayStep) -> Bool {
        guard let target = planner.target(of: delay, reachedAt: enrollment.reached) else {
            end(.exited, exit: EnrollmentMachine.anchorExit)
            return false
        }
        guard target <= now else {
            enrollment.phase = .delaying
            enrollment.due = target
            enrollment.lane = .schedule
            return false
        }
        let planned = StepPlanner.planned(
            behind: target, reachedAt: enrollment.reached, afterDelay: isBehindDelay)
        happenings.append(.passed(node: enrollment.node, .delay))
        return go(to: timeline.nodes[enrollment.node].next, at: planned)
    }

    private var isBehindDelay: Bool {
        guard enrollment.trail.count >= 2 else { return false }
        let previous = enrollment.trail[enrollment.trail.count - 2].node
        if case .delay = timeline.nodes[previous].step.action { return true }
        return false
    }

    private mutating func choose(_ branch: BranchStep, _ node: Timeline.Node) -> Bool {
        let limit = branch.within.map { planner.limit(of: $0, reachedAt: enrollment.reached) }
        guard !pausesAtBranches else {
            enrollment.phase = .branching
            enrollment.due = limit ?? enrollment.reached
            return false
        }
        let expired = limit.map { $0 <= now } ?? true
        let conditions = ConditionEvaluation(
            timeline: timeline, enrollment: enrollment, facts: facts, until: expired ? limit : nil)
        if let index = branch.paths.firstIndex(where: { conditions.holds($0.when) }) {
            let waited = enrollment.phase == .branching
            return take(
                branch.paths[index].name, node.entries[index],
                at: waited ? min(now, limit ?? now) : enrollment.reached)
        }
        guard expired else {
            enrollment.phase = .branching
            enrollment.due = limit
            enrollment.lane = .schedule
            return false
        }
        return take(
            BranchStep.otherwiseName, node.entries[branch.paths.count],
            at: limit ?? enrollment.reached)
    }

    private mutating func take(_ path: String, _ entry: Int, at moment: Instant) -> Bool {
        happenings.append(.passed(node: enrollment.node, .branch(path: path)))
        return go(to: entry, at: moment)
    }

    // MARK: Messages

    private var messageStep: MessageStep? {
        guard enrollment.node < timeline.end,
            case .message(let step) = timeline.nodes[enrollment.node].step.action
        else { return nil }
        return step
    }

    /// Whether `outcome` decides about the message at hand: it is with its channel, or in doubt, or waits
    /// for another attempt although the last one went after all.
    private func isWaiting(for message: MessageAddress, _ outcome: SendOutcome) -> Bool {
        guard enrollment.status == .active, enrollment.node == message.node,
            enrollment.variant == message.variant
        else { return false }
        switch enrollment.phase {
        case .sending, .unknown: return true
        case .held: return enrollment.hold == .inDoubt || outcome.isSuccess
        case .arrived, .delaying, .branching: return false
        }
    }

    private mutating func work(on message: MessageStep) -> Bool {
        guard enrollment.phase != .sending, enrollment.phase != .unknown, !isHeldUntilLater else {
            return false
        }
        let doubtful = enrollment.hold == .inDoubt
        let (variant, decision) = MessageDecider(planner: planner, message: message, now: now)
            .decide()
        if doubtful, variant != enrollment.variant {
            leaveInDoubt()
            return false
        }
        if variant != enrollment.variant { withdraw() }
        switch decision {
        case .send(let intent): claim(intent)
        case .queue(let channel): wait(nil, until: now, in: .channel(channel))
        case .hold(let reason, let until, let lane):
            if reason == .quietHours, let until {
                excuse(message, message.variants[variant].channel, until: until)
            }
            wait(reason, until: until, in: lane)
        case .skip where doubtful: leaveInDoubt()
        case .skip(let reason, let detail):
            withdraw()
            return skip(reason, detail, message)
        }
        return false
    }

    /// A message that a person said did not go, and that will not go any more, is with nobody.
    private mutating func withdraw() {
        guard enrollment.hold == .resend else { return }
        let message = MessageAddress(
            enrollment: enrollment.id, node: enrollment.node, variant: enrollment.variant)
        let failure = SendFailure(.transient, reason: "resolved_by_person")
        happenings.append(.settled(message, .failed(failure), isFinal: false))
        enrollment.hold = nil
    }

    /// A message that is held by quiet hours is not late for it: it is as late when they end as now.
    private mutating func excuse(_ step: MessageStep, _ channel: String, until end: Instant) {
        enrollment.reached =
            end - max(planner.lateness(of: step, channel: channel, now: now), .zero)
    }

    private mutating func skip(_ reason: SkipReason, _ detail: String?, _ step: MessageStep) -> Bool
    {
        happenings.append(.skipped(node: enrollment.node, reason, detail: detail))
        // The fallback cannot go either, behind a primary message that failed.
        if enrollment.variant > 0, step.onFailure == .exit, reason != .late, reason != .superseded {
            end(.exited, exit: EnrollmentMachine.failedExit)
            return false
        }
        return go(to: timeline.nodes[enrollment.node].next, at: enrollment.planned)
    }

    private var isHeldUntilLater: Bool {
        guard enrollment.phase == .held, enrollment.lane == .schedule, let due = enrollment.due
        else {
            return false
        }
        return due > now
    }

    private mutating func claim(_ intent: SendIntent) {
        enrollment.phase = .sending
        enrollment.variant = intent.message.variant
        enrollment.attempt = intent.attempt
        enrollment.due = nil
        enrollment.lane = .parked
        // It stays in doubt whether an earlier attempt went, until this one is answered.
        enrollment.hold = intent.repeatsDoubtful ? enrollment.hold : nil
        happenings.append(.claimed(intent))
    }

    private mutating func wait(_ reason: HoldReason?, until: Instant?, in lane: Enrollment.Lane) {
        let isRepetition = enrollment.hold?.isRepetition == true
        let isNews = reason != nil && reason != enrollment.hold && !isRepetition
        enrollment.phase = .held
        enrollment.lane = lane
        enrollment.due = until ?? (lane == .halted ? nil : now)
        guard !isRepetition else { return }
        enrollment.hold = reason
        if isNews, let reason {
            happenings.append(.held(node: enrollment.node, reason, until: until))
        }
    }

    /// A message in doubt may not go again, so that a person has to say what became of it.
    private mutating func leaveInDoubt() {
        remainsUnknown("Nobody knows whether it went, and it may not go again any more.")
        park()
    }

    private mutating func remainsUnknown(_ reason: String) {
        let message = MessageAddress(
            enrollment: enrollment.id, node: enrollment.node, variant: enrollment.variant)
        happenings.append(.settled(message, .unknown(reason: reason), isFinal: true))
    }

    private mutating func park() {
        enrollment.phase = .unknown
        enrollment.hold = nil
        enrollment.due = nil
        enrollment.lane = .parked
    }

    private mutating func leave(at moment: Instant) {
        _ = go(to: timeline.nodes[enrollment.node].next, at: moment)
    }

    private mutating func fail(_ failure: SendFailure, _ step: MessageStep) {
        switch failure.kind {
        case .config: holdForChannel(step)
        case .transient: retry(failure, step)
        case .permanent: giveUp(step)
        case .suppressed: giveUp(step)
        }
    }

    private mutating func suppress(_ message: MessageAddress) {
        guard case .message(let step) = timeline.nodes[message.node].step.action else { return }
        let channel = step.variants[message.variant].channel
        guard facts.suppression.channels.insert(channel).inserted else { return }
        happenings.append(.suppressed(channel: channel))
    }

    /// The channel is at fault: the message waits for it, and the attempt does not count.
    private mutating func holdForChannel(_ step: MessageStep) {
        enrollment.attempt = max(0, enrollment.attempt - 1)
        let channel = step.variants[enrollment.variant].channel
        facts.channels[channel]?.readiness = .down
        wait(.channelDown, until: nil, in: .channel(channel))
    }

    private mutating func retry(_ failure: SendFailure, _ step: MessageStep) {
        guard let next = nextAttempt(behind: failure, step) else { return giveUp(step) }
        wait(.retry, until: next, in: .schedule)
    }

    /// When the message is tried again, or nil where that would be too late.
    private func nextAttempt(behind failure: SendFailure, _ step: MessageStep) -> Instant? {
        let next = now + RetryPolicy.pause(behind: enrollment.attempt, asked: failure.retryAfter)
        let channel = step.variants[enrollment.variant].channel
        let lateness = planner.lateness(of: step, channel: channel, now: next)
        return lateness <= planner.maxLateness(of: step) ? next : nil
    }

    /// Whether `outcome` is the last word on the variant.
    private func settles(_ outcome: SendOutcome, _ step: MessageStep) -> Bool {
        guard case .failed(let failure) = outcome else { return true }
        switch failure.kind {
        case .permanent, .suppressed: return true
        case .transient: return nextAttempt(behind: failure, step) == nil
        case .config: return false
        }
    }

    private mutating func giveUp(_ step: MessageStep) {
        if enrollment.variant + 1 < step.variants.count {
            enrollment.variant += 1
            enrollment.attempt = 0
            enrollment.phase = .arrived
            enrollment.hold = nil
        } else if step.onFailure == .exit {
            end(.exited, exit: EnrollmentMachine.failedExit)
        } else {
            leave(at: now)
        }
    }

    private mutating func raiseSignal(for message: MessageAddress, _ outcome: SendOutcome) {
        guard let name = outcome.signal, timeline.signals.contains(name),
            case .message(let step) = timeline.nodes[message.node].step.action
        else { return }
        let signal = Signal(
            number: 0, name: name, at: now,
            data: [
                "step": .string(timeline.nodes[message.node].step.id),
                "channel": .string(step.variants[message.variant].channel),
            ])
        facts.signals.append(signal)
        happenings.append(.signalled(signal))
    }
}

extension SendOutcome {
    /// The signal that conditions can ask for, where the outcome is one.
    fileprivate var signal: String? {
        switch self {
        case .accepted, .sent: "message.sent"
        case .delivered: "message.delivered"
        case .failed: "message.failed"
        case .unknown: nil
        }
    }
}
