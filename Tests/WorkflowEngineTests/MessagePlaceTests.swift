import JSONLines
import Testing
import WorkflowModel

@testable import WorkflowEngine

/// Addresses come out of keys that anybody may write: only those of messages lead to a step.
struct MessagePlaceTests {
    private func timeline() throws -> Timeline {
        Timeline(
            try WorkflowDefinition(
                json: [
                    "name": "t",
                    "exits": [exit("gone", when: ["signal": "message.failed"])],
                    "steps": [
                        delay(["for": ["days": 1]]), message("m", "sms", fallback: "email"),
                        branch(
                            "b", "p", when: ["signal": "message.delivered"], [message("n")]),
                    ],
                ], at: ""))
    }

    private static let numbers = [
        Int.min, Int.min + 1, -2, -1, 0, 1, 2, 3, 4, 5, 77, Int.max - 1, Int.max,
    ]

    @Test func onlyMessagesHaveAPlace() throws {
        let timeline = try timeline()
        for node in Self.numbers {
            for variant in Self.numbers {
                let address = MessageAddress(enrollment: 1, node: node, variant: variant)
                let place = MessagePlace(address, in: timeline)
                switch (node, variant) {
                case (1, 0): #expect(place?.stepID == "m" && place?.channel == "sms")
                case (1, 1): #expect(place?.stepID == "m" && place?.channel == "email")
                case (3, 0): #expect(place?.stepID == "n" && place?.channel == "sms")
                default: #expect(place == nil, "\(node) \(variant)")
                }
            }
        }
    }

    @Test func whatHasNoPlaceIsNotSettled() throws {
        let timeline = try timeline()
        let outcomes: [SendOutcome] = [.delivered, .suppressed, .permanent, .lost, .config]
        var enrollment = Enrollment(id: 1, enrolled: .init(milliseconds: 0), signalFloor: 0)
        enrollment.trail = [.init(node: 0, at: enrollment.enrolled)]
        for (id, node) in [(1, 0), (1, 2), (1, 77), (1, -1), (2, 1)] {
            for variant in Self.numbers {
                for outcome in outcomes {
                    var machine = EnrollmentMachine(
                        timeline: timeline, enrollment: enrollment, facts: .plain(),
                        now: enrollment.enrolled)
                    machine.settle(
                        MessageAddress(enrollment: Int64(id), node: node, variant: variant),
                        outcome)
                    #expect(machine.happenings.isEmpty)
                    #expect(machine.enrollment == enrollment)
                }
            }
        }
    }

    @Test func aKeyHasOneSpelling() {
        let address = MessageAddress(enrollment: 12, node: 3, variant: 1)
        #expect(MessageAddress(key: address.key(instance: "w1"), instance: "w1") == address)
        for key in ["w1-+12-3-1", "w1-012-3-1", "w1-12-3-01", "w2-12-3-1", "w1-12-3", "w1-12-3-1-"]
        {
            #expect(MessageAddress(key: key, instance: "w1") == nil, "\(key)")
        }
    }
}
