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
        checkTrail(before, after)
        checkEnd(happenings, before, after)
        for case .claimed(let intent) in happenings { check(intent, before, after) }
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
