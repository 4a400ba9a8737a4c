import JSONLines
public import WorkflowModel

/// What channels and people say of messages, and what follows.
extension EnrollmentMachine {
    /// Takes what the channel said of the message that is with it, and goes on.
    ///
    /// An enrollment that has ended meanwhile keeps its end, and one that stands at another step stays
    /// there unless a condition asked for this; what became of the message is reported all the same.
    /// Nothing happens where `message` is none of this enrollment and its version.
    /// - Parameter byPerson: whether a person says so, who has the last word also about an attempt before
    ///   the one that waits.
    public mutating func settle(
        _ message: MessageAddress, _ outcome: SendOutcome, byPerson: Bool = false
    ) {
        guard message.enrollment == enrollment.id,
            let place = MessagePlace(message, in: timeline)
        else { return }
        guard !leavesDoubt(outcome, about: message) else { return stayInDoubt() }
        guard !leavesWord(outcome, about: message) else { return takeBack(message) }
        guard byPerson || !saysOfEarlierAttempt(outcome, about: message) else {
            if outcome.isSuppression { suppress(place.channel) }
            return proceed()
        }
        let step = isWaiting(for: message, outcome) ? messageStep : nil
        let isFinal = step.map { settles(outcome, $0) } ?? true
        happenings.append(.settled(message, outcome, isFinal: isFinal))
        if isFinal { raiseSignal(for: place, outcome) }
        if outcome.isSuppression { suppress(place.channel) }
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
        outcome.isFaultOfChannel && isRepeating(message, for: .inDoubt)
    }

    /// Whether `outcome` says only that an attempt did not get through, while the message waits for the next.
    private func saysOfEarlierAttempt(_ outcome: SendOutcome, about message: MessageAddress) -> Bool
    {
        enrollment.status == .active && enrollment.phase == .held
            && enrollment.hold != .inDoubt
            && enrollment.node == message.node && enrollment.variant == message.variant
            && !outcome.isSuccess
    }

    /// Whether `outcome` says only that the attempt that a person ordered did not get through.
    private func leavesWord(_ outcome: SendOutcome, about message: MessageAddress) -> Bool {
        outcome.isFaultOfChannel && isRepeating(message, for: .resend)
            && enrollment.status == .active
    }

    private func isRepeating(_ message: MessageAddress, for reason: HoldReason) -> Bool {
        enrollment.phase == .sending && enrollment.hold == reason
            && enrollment.node == message.node && enrollment.variant == message.variant
    }

    private mutating func stayInDoubt() {
        guard enrollment.status == .active, let step = messageStep else {
            return remainsUnknown(EnrollmentMachine.endedInDoubt)
        }
        holdForChannel(step)
        proceed()
    }

    /// The person's word stands until an attempt is answered.
    private mutating func takeBack(_ message: MessageAddress) {
        guard let step = messageStep else { return }
        happenings.append(.takenBack(message))
        holdForChannel(step)
        proceed()
    }

    static let endedInDoubt = "The enrollment ended before anybody knew whether it went."

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

    /// Whether `outcome` decides about the message at hand: it is with its channel, or in doubt, or waits
    /// for another attempt although the last one went after all.
    private func isWaiting(for message: MessageAddress, _ outcome: SendOutcome) -> Bool {
        guard enrollment.status == .active, enrollment.node == message.node,
            enrollment.variant == message.variant
        else { return false }
        switch enrollment.phase {
        case .sending, .unknown: return true
        case .held: return enrollment.hold?.isRepetition == true || outcome.isSuccess
        case .arrived, .delaying, .branching: return false
        }
    }

    /// A message in doubt may not go again, so that a person has to say what became of it.
    mutating func leaveInDoubt() {
        remainsUnknown("Nobody knows whether it went, and it may not go again any more.")
        park()
    }

    mutating func remainsUnknown(_ reason: String) {
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

    private mutating func suppress(_ channel: String) {
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

    private mutating func raiseSignal(for message: MessagePlace, _ outcome: SendOutcome) {
        guard let name = outcome.signal, timeline.signals.contains(name) else { return }
        // A step is reached behind the signal that led there, also where the clock stands still.
        let signal = Signal(
            number: 0, name: name, at: max(now, enrollment.trail.last?.at ?? now),
            data: ["step": .string(message.stepID), "channel": .string(message.channel)])
        facts.signals.append(signal)
        happenings.append(.signalled(signal))
    }
}

extension SendOutcome {
    fileprivate var isSuppression: Bool {
        if case .failed(let failure) = self { failure.kind == .suppressed } else { false }
    }

    /// Whether the channel is at fault and the message did not go.
    fileprivate var isFaultOfChannel: Bool {
        if case .failed(let failure) = self { failure.kind == .config } else { false }
    }

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
