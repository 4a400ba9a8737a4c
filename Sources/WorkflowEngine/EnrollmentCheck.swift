internal import JSONLines
public import WorkflowModel

/// Says before a contact is enrolled why it would be in vain.
public struct EnrollmentCheck {
    /// Why an enrollment would be in vain.
    public enum Refusal: Hashable, Sendable {
        /// A delay counts from a field that holds no date.
        case missingAnchor(field: String)
        /// An exit's condition holds already.
        case exitHolds(name: String)
        /// Every message would be too late and no flag would be raised.
        case nothingToSend
        /// The contact opted out of every channel that the workflow uses.
        case suppressed
    }

    private let planner: StepPlanner
    private let now: Instant
    private var budget = 10_000

    /// A check of what `enrollment`, just made, would do under `facts` at `now`.
    public init(timeline: Timeline, enrollment: Enrollment, facts: Facts, now: Instant) {
        planner = StepPlanner(timeline: timeline, enrollment: enrollment, facts: facts)
        self.now = now
    }

    /// The first reason against the enrollment, or nil.
    public mutating func refusal() -> Refusal? {
        if let field = missingAnchor() { return .missingAnchor(field: field) }
        if planner.facts.suppresses(planner.timeline, planner.enrollment) { return .suppressed }
        let conditions = ConditionEvaluation(
            timeline: planner.timeline, enrollment: planner.enrollment, facts: planner.facts)
        if let exit = planner.timeline.definition.exits.first(where: { conditions.holds($0.when) })
        {
            return .exitHolds(name: exit.name)
        }
        guard !planner.timeline.definition.channels.isEmpty else { return nil }
        return somethingToDo(from: Place(node: 0, planned: now)) ? nil : .nothingToSend
    }

    private func missingAnchor() -> String? {
        for node in planner.timeline.nodes {
            guard case .delay(let delay) = node.step.action, case .field(let path)? = delay.from,
                planner.target(of: delay, reachedAt: now) == nil
            else { continue }
            return path.text
        }
        return nil
    }

    /// A place on a path that is followed ahead of time.
    private struct Place {
        var node: Int
        var planned: Instant
        var afterDelay = false
        /// Whether the contact may also come here later than planned.
        var open = false
    }

    /// Follows the ways in turn; those that are left are kept here and not on the stack, as 500 branches
    /// may stand in a row.
    private mutating func somethingToDo(from start: Place) -> Bool {
        var places = [start]
        while let place = places.popLast() {
            if somethingToDo(on: place, &places) { return true }
        }
        return false
    }

    /// Follows one way up to the next branch, whose paths join `places`, the first of them last.
    private mutating func somethingToDo(on start: Place, _ places: inout [Place]) -> Bool {
        var place = start
        while place.node < planner.timeline.end {
            budget -= 1
            guard budget > 0 else { return true }
            let node = planner.timeline.nodes[place.node]
            switch node.step.action {
            case .flag: return true
            case .exit: return false
            case .message(let message):
                if place.open || isInTime(message, planned: place.planned) { return true }
                place.afterDelay = false
            case .delay(let delay): place = self.place(behind: delay, place)
            case .branch(let branch):
                places += self.places(behind: branch, node, place).reversed()
                return false
            }
            place.node = node.next
        }
        return false
    }

    private func places(behind branch: BranchStep, _ node: Timeline.Node, _ place: Place) -> [Place]
    {
        let limit = branch.within.map { planner.limit(of: $0, reachedAt: place.planned) }
        let waits = limit.map { $0 > now } ?? false
        return node.entries.enumerated().map { index, entry in
            let isOtherwise = index == branch.paths.count
            let planned = isOtherwise ? limit ?? place.planned : place.planned
            return Place(node: entry, planned: planned, open: place.open || waits)
        }
    }

    private func isInTime(_ message: MessageStep, planned: Instant) -> Bool {
        if let last = planner.lastMoment(of: message), max(planned, now) > last { return false }
        let channel = MessageDecider(planner: planner, message: message, now: now).channel
        return planner.lateness(of: message, channel: channel, planned: planned, now: now)
            <= planner.maxLateness(of: message)
    }

    private func place(behind delay: DelayStep, _ place: Place) -> Place {
        guard let target = planner.target(of: delay, reachedAt: place.planned) else { return place }
        return Place(
            node: place.node,
            planned: StepPlanner.planned(
                behind: target, reachedAt: place.planned, afterDelay: place.afterDelay),
            afterDelay: true, open: place.open && delay.from == nil)
    }
}

extension Facts {
    /// Whether the contact opted out of all, or of every channel that the workflow could still use.
    ///
    /// Where no message to the contact is ahead any more, those of the whole workflow count: who opted out
    /// of all of them is not to be called by staff either.
    func suppresses(_ timeline: Timeline, _ enrollment: Enrollment) -> Bool {
        guard !suppression.isEmpty else { return false }
        if suppression.all { return true }
        let ahead = timeline.channels(aheadOf: enrollment).filter(reachesContact)
        let used = ahead.isEmpty ? timeline.definition.channels.filter(reachesContact) : ahead
        // A channel that has not said yet whether it reaches the contact may be one that still can be used.
        return !used.isEmpty && used.allSatisfy { suppression.covers($0) && !isUnheard($0) }
    }

    private func reachesContact(_ channel: String) -> Bool {
        channels[channel]?.audience != .staff || isUnheard(channel)
    }
}

extension Timeline {
    /// The channels of the messages that `enrollment` may still come to, fallbacks included; the one
    /// that is with its channel is no longer among them.
    fileprivate func channels(aheadOf enrollment: Enrollment) -> Set<String> {
        var channels: Set<String> = []
        var seen: Set<Int> = []
        var rest = [enrollment.node]
        while let number = rest.popLast() {
            guard number < end, seen.insert(number).inserted else { continue }
            let node = nodes[number]
            switch node.step.action {
            case .exit: continue
            case .branch: rest += node.entries
            case .delay, .flag: rest.append(node.next)
            case .message(let message):
                let tried = number == enrollment.node ? enrollment.triedVariants : 0
                channels.formUnion(message.variants.dropFirst(tried).map(\.channel))
                rest.append(node.next)
            }
        }
        return channels
    }
}

extension Enrollment {
    fileprivate var triedVariants: Int {
        phase == .sending || phase == .unknown ? variant + 1 : variant
    }
}
