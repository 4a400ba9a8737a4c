import Testing
import WorkflowEngine
import WorkflowModel

/// What has to hold of every single decision, whatever the definition and the facts.
struct DecisionRules {
    let timeline: Timeline
    let facts: Facts
    let now: Instant

    func check(_ happenings: [Happening], from before: Enrollment, to after: Enrollment) {
        checkWaiting(after)
        checkReached(before, after)
        checkOptOut(after)
        checkTrail(before, after)
        checkEnd(happenings, before, after)
        for case .claimed(let intent) in happenings { check(intent, before, after) }
        for happening in happenings { checkHeard(happening) }
    }

    /// Nothing that goes by what a channel is was decided before the channel had said it.
    private func checkHeard(_ happening: Happening) {
        switch happening {
        case .skipped(let node, .suppressed, _), .skipped(let node, .missingAddress, _):
            #expect(channels(of: node).contains { facts.channels[$0]?.readiness != .unheard })
        case .held(let node, .quietHours, _):
            #expect(channels(of: node).contains { facts.channels[$0]?.readiness != .unheard })
        default: return
        }
    }

    private func channels(of node: Int) -> [String] {
        guard case .message(let step) = timeline.nodes[node].step.action else { return [] }
        return step.variants.map(\.channel)
    }

    /// Nothing that is active is forgotten: something will move it.
    private func checkWaiting(_ enrollment: Enrollment) {
        guard enrollment.status == .active else {
            #expect(enrollment.due == nil && enrollment.lane == .parked)
            return
        }
        let waits = enrollment.phase == .sending || enrollment.phase == .unknown
        #expect(enrollment.due != nil || waits || enrollment.lane == .halted, "\(enrollment)")
        #expect(!waits || enrollment.due == nil && enrollment.lane == .parked, "\(enrollment)")
        #expect(
            enrollment.lane != .schedule || enrollment.due.map { $0 > now } ?? false,
            "\(enrollment)")
    }

    /// The trail only grows, along the lines of the timeline, and ends at the step at hand.
    private func checkTrail(_ before: Enrollment, _ after: Enrollment) {
        #expect(after.trail.starts(with: before.trail))
        if after.status == .active { #expect(after.trail.last?.node == after.node) }
        for (from, to) in zip(after.trail, after.trail.dropFirst()) {
            let node = timeline.nodes[from.node]
            let ways = node.entries.isEmpty ? [node.next] : node.entries
            #expect(ways.contains(to.node), "\(from.node) to \(to.node)")
        }
    }

    /// A step is reached when the contact comes to it, whatever was planned: never before the enrollment, nor
    /// before what it was reached behind.
    private func checkReached(_ before: Enrollment, _ after: Enrollment) {
        #expect(after.trail.first.map { $0.at >= after.enrolled } ?? true)
        for visit in after.trail.dropFirst(max(before.trail.count, 1)) {
            #expect(visit.at >= now, "\(visit)")
        }
        for (one, next) in zip(after.trail, after.trail.dropFirst()) {
            #expect(one.at <= next.at, "\(one) \(next)")
        }
    }

    /// Nobody stays inside who opted out of every channel that could still be used.
    private func checkOptOut(_ enrollment: Enrollment) {
        guard enrollment.status == .active, !facts.suppression.isEmpty,
            enrollment.phase != .sending, enrollment.phase != .unknown
        else { return }
        #expect(!facts.suppression.all)
        let all = channels(from: enrollment.node, skipping: enrollment.variant)
        // One that has not said yet whether it reaches the contact can still be used.
        guard !all.contains(where: { facts.channels[$0]?.readiness == .unheard }) else { return }
        let ahead = all.filter { facts.channels[$0]?.audience != .staff }
        #expect(
            ahead.isEmpty || !ahead.isSubset(of: facts.suppression.channels), "\(enrollment)")
    }

    /// The channels of the messages from `node` on, but for the first variants of its own.
    private func channels(from node: Int, skipping variants: Int = 0) -> Set<String> {
        guard node < timeline.end else { return [] }
        let place = timeline.nodes[node]
        var channels: Set<String> = []
        switch place.step.action {
        case .exit: return []
        case .message(let message):
            channels = Set(message.variants.dropFirst(variants).map(\.channel))
        case .delay, .branch, .flag: break
        }
        let ways = place.entries.isEmpty ? [place.next] : place.entries
        return ways.reduce(into: channels) { $0.formUnion(self.channels(from: $1)) }
    }

    private func checkEnd(_ happenings: [Happening], _ before: Enrollment, _ after: Enrollment) {
        let ends = happenings.filter { if case .ended = $0 { true } else { false } }
        #expect(ends.count == (before.status == .active && after.status != .active ? 1 : 0))
        guard before.status != .active else { return }
        #expect(after == before, "An enrollment that has ended does not change.")
    }

    private func check(_ intent: SendIntent, _ before: Enrollment, _ after: Enrollment) {
        #expect(before.status == .active && after.status == .active && after.phase == .sending)
        #expect(facts.workflowState != .halted)
        #expect(facts.channels[intent.channel]?.readiness == .open)
        #expect(intent.attempt >= 1 && intent.notAfter >= now)
        guard case .message(let step) = timeline.nodes[intent.message.node].step.action,
            case .contact? = facts.channels[intent.channel]?.audience
        else { return }
        #expect(!facts.suppression.covers(intent.channel))
        #expect(intent.to != nil)
        guard step.quietHours == .hold else { return }
        let quiet = facts.settings.quietHours(for: intent.channel)
        #expect(quiet?.end(ifQuietAt: now, in: facts.zone) == nil)
    }
}
