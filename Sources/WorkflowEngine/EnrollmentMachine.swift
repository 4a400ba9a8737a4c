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
    public internal(set) var facts: Facts
    /// The enrollment as decided so far.
    public internal(set) var enrollment: Enrollment
    /// What the decision brought about, in order.
    public internal(set) var happenings: [Happening] = []

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

    var planner: StepPlanner {
        StepPlanner(timeline: timeline, enrollment: enrollment, facts: facts)
    }

    // MARK: Entry points

    /// Takes an enrollment to its first step.
    public mutating func begin() {
        guard enrollment.trail.isEmpty, timeline.end > 0 else { return }
        enrollment.trail = [Enrollment.Visit(node: 0, at: enrollment.enrolled)]
    }

    /// Goes on as far as it can at ``now``: because the enrollment is due, or because facts changed.
    ///
    /// Exits are looked at before each step, as a step changes what is still ahead.
    public mutating func proceed() {
        while !fireExit(), work() {}
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

    mutating func end(_ status: Enrollment.Status, exit: String?) {
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

    /// Goes to step `next`, which is reached now, and at `moment` by plan.
    mutating func go(to next: Int, at moment: Instant) -> Bool {
        enrollment.node = next
        enrollment.phase = .arrived
        enrollment.planned = moment
        enrollment.reached = moment
        enrollment.variant = 0
        enrollment.attempt = 0
        enrollment.hold = nil
        enrollment.due = now
        enrollment.lane = .schedule
        if next < timeline.end { enrollment.trail.append(.init(node: next, at: arrival)) }
        return true
    }

    /// When the next step is reached: now, and behind all that was before it, be it that the wall clock was
    /// set back or that it is the same millisecond.
    private var arrival: Instant {
        let last = max(now, enrollment.enrolled, enrollment.trail.last?.at ?? now)
        guard let signal = facts.signals.map(\.at).max(), signal >= last else { return last }
        return signal + TimeSpan(milliseconds: 1)
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

    var messageStep: MessageStep? {
        guard enrollment.node < timeline.end,
            case .message(let step) = timeline.nodes[enrollment.node].step.action
        else { return nil }
        return step
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

    mutating func wait(_ reason: HoldReason?, until: Instant?, in lane: Enrollment.Lane) {
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
}
