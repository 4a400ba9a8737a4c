import JSONLines
import Testing
import WorkflowModel

@testable import WorkflowEngine

/// A channel that has not said what it is: what would be final is not decided about its messages.
struct UnheardChannelTests {
    private func facts(_ audience: ChannelFacts.Audience) -> Facts {
        Facts.quiet().with {
            $0.contact = ["first_name": "Ann"]
            $0.suppression.channels = ["sms"]
            $0.channels["sms"] = ChannelFacts(readiness: .unheard, audience: audience)
        }
    }

    private static let audiences: [ChannelFacts.Audience] = [
        .unknown, .staff, .contact(addressField: "phone"),
    ]

    /// 15:00 and 23:00 in New York: outside quiet hours, and in them.
    @Test(arguments: audiences, ["2026-03-02T20:00:00Z", "2026-03-03T04:00:00Z"])
    func itsMessagesAreHeld(_ audience: ChannelFacts.Audience, _ now: String) throws {
        let now = try #require(Instant(rfc3339: now))
        let timeline = Timeline(
            try WorkflowDefinition(
                json: ["name": "t", "steps": [message("m", "sms", fallback: "email")]], at: ""))
        var enrollment = Enrollment(id: 1, enrolled: now, signalFloor: 0)
        enrollment.trail = [.init(node: 0, at: now)]
        var machine = EnrollmentMachine(
            timeline: timeline, enrollment: enrollment, facts: facts(audience), now: now)
        machine.proceed()
        #expect(machine.happenings == [.held(node: 0, .channelDown, until: nil)])
        #expect(machine.enrollment.lane == .channel("sms"))
    }

    @Test(arguments: audiences)
    func nobodyIsRefusedOrLetOutForIt(_ audience: ChannelFacts.Audience) throws {
        let now = try #require(Instant(rfc3339: "2026-03-02T20:00:00Z"))
        let timeline = Timeline(
            try WorkflowDefinition(json: ["name": "t", "steps": [message("m")]], at: ""))
        var check = EnrollmentCheck(
            timeline: timeline, enrollment: Enrollment(id: 1, enrolled: now, signalFloor: 0),
            facts: facts(audience), now: now)
        #expect(check.refusal() == nil)
        // What everybody says is final all the same.
        var all = EnrollmentCheck(
            timeline: timeline, enrollment: Enrollment(id: 1, enrolled: now, signalFloor: 0),
            facts: facts(audience).with { $0.suppression.all = true }, now: now)
        #expect(all.refusal() == .suppressed)
    }

    /// Planned at 21:00, when contacts have their quiet hours and staff have not.
    @Test(arguments: audiences, [("2026-03-03T13:30:00Z", false), ("2026-03-03T15:30:00Z", true)])
    func onlyWhatIsLateForAllIsLate(
        _ audience: ChannelFacts.Audience, _ when: (now: String, isLate: Bool)
    ) throws {
        let now = try #require(Instant(rfc3339: when.now))
        let planned = try #require(Instant(rfc3339: "2026-03-03T02:00:00Z"))
        let timeline = Timeline(
            try WorkflowDefinition(
                json: ["name": "t", "steps": [message("m", ["max_lateness": ["hours": 1]])]],
                at: ""))
        var enrollment = Enrollment(id: 1, enrolled: planned, signalFloor: 0)
        enrollment.trail = [.init(node: 0, at: planned)]
        var machine = EnrollmentMachine(
            timeline: timeline, enrollment: enrollment, facts: facts(audience), now: now)
        machine.proceed()
        let isSkipped = machine.happenings.contains(.skipped(node: 0, .late, detail: nil))
        #expect(isSkipped == when.isLate)
    }

    @Test func whereNobodyKnowsItsAudienceItIsUnheard() {
        #expect(ChannelFacts(readiness: .open, audience: .unknown).readiness == .unheard)
        #expect(ChannelFacts(readiness: .open, audience: .staff).readiness == .open)
    }
}
